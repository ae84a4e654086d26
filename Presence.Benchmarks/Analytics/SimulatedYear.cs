using Presence.Core.Domain;
using Presence.Core.Rules;

namespace Presence.Benchmarks.Analytics;

/// <summary>A year of users who come on most workdays, at hours of their own, and on some weekends. The seed decides it all.</summary>
internal sealed class SimulatedYear
{
    public const int Days = 365;

    public static readonly DateOnly First = new(2029, 1, 1);

    private readonly List<(PresenceKey User, Session Session)>[] _ended = [.. Enumerable.Range(0, Days + 1).Select(_ => new List<(PresenceKey, Session)>())];

    public SimulatedYear(int users, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < users; i++)
        {
            Live(i % 10 == 0 ? PresenceKey.Anonymous($"guest-{i:D6}") : PresenceKey.Registered($"user-{i:D6}"), random);
        }
    }

    /// <summary>How many sessions there are.</summary>
    public int Sessions => _ended.Sum(day => day.Count);

    /// <summary>The sessions that ended on the days given.</summary>
    public IEnumerable<(PresenceKey User, Session Session)> EndedOn(DateOnly from, DateOnly to) => Enumerable
        .Range(Math.Max(0, from.DayNumber - First.DayNumber), Math.Min(Days, to.DayNumber - First.DayNumber) + 1 - Math.Max(0, from.DayNumber - First.DayNumber))
        .SelectMany(day => _ended[day]);

    private void Live(PresenceKey user, Random random)
    {
        var (begins, diligence) = (7 + (random.NextDouble() * 4), 0.4 + (random.NextDouble() * 0.55));
        for (var day = 0; day < Days; day++)
        {
            var date = First.AddDays(day);
            if (random.NextDouble() > (date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? diligence / 4 : diligence))
            {
                continue;
            }

            var at = HistoryRules.StartOf(date).AddHours(begins + random.NextDouble());
            for (var session = random.Next(1, 6); session > 0; session--)
            {
                var end = at.AddMilliseconds(Math.Round(-Math.Log(1 - random.NextDouble()) * 40 * 60_000) + 10_000);
                Keep(user, new(at, end));
                at = end.AddMinutes(5 + (random.NextDouble() * 120));
            }
        }
    }

    private void Keep(PresenceKey user, Session session)
    {
        session = new(session.Start.ToWholeMilliseconds(), session.End.ToWholeMilliseconds());
        if (HistoryRules.DayOf(session).DayNumber - First.DayNumber is var day && day <= Days)
        {
            _ended[day].Add((user, session));
        }
    }
}
