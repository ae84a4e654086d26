using NCrontab;

namespace Presence.Core.Options;

/// <summary>What follows from schedules: six-field NCrontab expressions, UTC.</summary>
internal static class Schedules
{
    /// <summary>How late a run may be before it counts as missing.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(45);

    /// <summary>Whether another run should have begun since the last one.</summary>
    public static bool IsOverdue(string schedule, DateTimeOffset lastStartedAt, DateTimeOffset now) =>
        now > new DateTimeOffset(Next(schedule, lastStartedAt.UtcDateTime), TimeSpan.Zero) + Tolerance;

    /// <summary>From the next run after the moment given to the one after it.</summary>
    public static TimeSpan IntervalAt(string schedule, DateTimeOffset now)
    {
        var next = Next(schedule, now.UtcDateTime);
        return Next(schedule, next) - next;
    }

    private static DateTime Next(string schedule, DateTime after) =>
        CrontabSchedule.Parse(schedule, new() { IncludingSeconds = true }).GetNextOccurrence(after);
}
