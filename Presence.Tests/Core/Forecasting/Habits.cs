using Presence.Core.Domain;

namespace Presence.Tests.Core.Forecasting;

/// <summary>The pasts of people with simple habits.</summary>
internal static class Habits
{
    /// <summary>A Thursday, shortly after ten.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 11, 26, 10, 20, 0, TimeSpan.Zero);

    /// <summary>Here from Monday to Friday between the hours given, by the clocks of a zone, on nine days of ten.</summary>
    public static List<Session> Office(int weeks, TimeZoneInfo? zone = null, int starts = 9, int ends = 17, int seed = 1, DateTimeOffset? now = null)
    {
        var random = new Random(seed);
        List<Session> sessions = [];
        foreach (var day in Days(weeks, now ?? Now))
        {
            var session = new Session(At(day, starts, zone), At(day, ends, zone));
            if (random.NextDouble() < 0.9 && day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && session.End <= (now ?? Now))
            {
                sessions.Add(session);
            }
        }

        return sessions;
    }

    /// <summary>Here for an hour and gone for three, on the average, at any time.</summary>
    public static List<Session> AtAnyTime(int weeks, int seed)
    {
        var random = new Random(seed);
        List<Session> sessions = [];
        for (var at = Now.AddDays(-7 * weeks); ;)
        {
            var start = at.AddHours(-3 * Math.Log(1 - random.NextDouble()));
            at = start.AddHours(0.05 - Math.Log(1 - random.NextDouble()));
            if (at > Now)
            {
                return sessions;
            }

            sessions.Add(new(start, at));
        }
    }

    private static IEnumerable<DateOnly> Days(int weeks, DateTimeOffset now) =>
        Enumerable.Range(0, (7 * weeks) + 1).Select(day => DateOnly.FromDateTime(now.UtcDateTime).AddDays(day - (7 * weeks)));

    private static DateTimeOffset At(DateOnly day, int hour, TimeZoneInfo? zone)
    {
        var local = day.ToDateTime(new(hour, 0));
        return new DateTimeOffset(local, (zone ?? TimeZoneInfo.Utc).GetUtcOffset(local)).ToUniversalTime();
    }
}
