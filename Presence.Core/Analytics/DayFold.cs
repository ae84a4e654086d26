using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Rules;

namespace Presence.Core.Analytics;

/// <summary>
/// Sums one day up from the sessions of its users in the week before it and since. Exact: it remembers each user who was active, some 150 bytes, until it is
/// done; a sketch such as HyperLogLog would take less and be wrong by a few percent, and nobody could be taken out of it.
/// </summary>
internal sealed class DayFold(DateOnly day)
{
    private const int SecondsOfDay = 86_400;

    private const int SecondsOfQuarter = SecondsOfDay / DaySummary.Quarters;

    /// <summary>How many days before it are looked at.</summary>
    public const int LooksBack = 7;

    private readonly DateTimeOffset _start = HistoryRules.StartOf(day);

    /// <summary>By how many more, or fewer, are here from each second on.</summary>
    private readonly int[] _changes = new int[SecondsOfDay + 1];

    private readonly SortedDictionary<int, long> _lengths = [];

    private readonly Dictionary<PresenceKey, Activity> _users = [];

    /// <summary>The first day whose sessions it needs.</summary>
    public static DateOnly FirstNeeded(DateOnly day) => day.AddDays(-LooksBack);

    /// <summary>Adds a session. One that goes on, and is told of again when it has ended, counts once.</summary>
    public void Add(PresenceKey user, Session session)
    {
        var known = _users.GetValueOrDefault(user);
        if (session.Start == known.GoingOnSince)
        {
            CountLength(session);
            return;
        }

        _users[user] = new(known.Days | DaysOf(session), session.End == DateTimeOffset.MaxValue ? session.Start : known.GoingOnSince);
        CountPresence(session);
        CountLength(session);
    }

    /// <summary>What they come to.</summary>
    public DaySummary ToSummary()
    {
        var registered = _users.Where(user => !user.Key.IsAnonymous).Select(user => user.Value.Days).ToList();
        var (seconds, peak, peakAt) = Presence();
        return new()
        {
            Day = day,
            Users = registered.Count(days => Has(days, 0)),
            Guests = _users.Count(user => user.Key.IsAnonymous && Has(user.Value.Days, 0)),
            WeeklyUsers = registered.Count(days => (days & ((1u << LooksBack) - 1)) != 0),
            DayBefore = registered.Count(days => Has(days, 1)),
            ReturnedAfterDay = registered.Count(days => Has(days, 0) && Has(days, 1)),
            WeekBefore = registered.Count(days => Has(days, LooksBack)),
            ReturnedAfterWeek = registered.Count(days => Has(days, 0) && Has(days, LooksBack)),
            Peak = peak,
            PeakAt = peak == 0 ? null : _start.AddSeconds(peakAt),
            PresentSeconds = seconds,
            Lengths = new(_lengths.ToImmutableSortedDictionary()),
        };
    }

    private static bool Has(uint days, int before) => (days & (1u << before)) != 0;

    /// <summary>The days on which the session was, as bits: the lowest for the day itself, the next for the one before, and so on.</summary>
    private uint DaysOf(Session session)
    {
        var (first, last) = (day.DayNumber - HistoryRules.DayOf(session.Start).DayNumber, day.DayNumber - HistoryRules.DayOf(session).DayNumber);
        var days = 0u;
        for (var before = Math.Max(last, 0); before <= Math.Min(first, LooksBack); before++)
        {
            days |= 1u << before;
        }

        return days;
    }

    /// <summary>Whoever is here at a whole second counts for that second.</summary>
    private void CountPresence(Session session)
    {
        var (first, end) = (SecondOf(session.Start), SecondOf(session.End));
        if (first < end)
        {
            _changes[first]++;
            _changes[end]--;
        }
    }

    private int SecondOf(DateTimeOffset moment) => (int)Math.Clamp(Math.Ceiling((moment - _start).TotalSeconds), 0, SecondsOfDay);

    private void CountLength(Session session)
    {
        if (session.End != DateTimeOffset.MaxValue && HistoryRules.DayOf(session) == day)
        {
            var bucket = SessionLengths.BucketOf(session.Length);
            _lengths[bucket] = _lengths.GetValueOrDefault(bucket) + 1;
        }
    }

    private (ImmutableArray<long> Seconds, int Peak, int PeakAt) Presence()
    {
        var seconds = new long[DaySummary.Quarters];
        var (here, peak, peakAt) = (0, 0, 0);
        for (var second = 0; second < SecondsOfDay; second++)
        {
            here += _changes[second];
            seconds[second / SecondsOfQuarter] += here;
            (peak, peakAt) = here > peak ? (here, second) : (peak, peakAt);
        }

        return (ImmutableArray.Create(seconds), peak, peakAt);
    }

    /// <param name="Days">On which days the user was active.</param>
    /// <param name="GoingOnSince">When a session began of which the end was not known when it was read; the earliest moment for none.</param>
    private readonly record struct Activity(uint Days, DateTimeOffset GoingOnSince);
}
