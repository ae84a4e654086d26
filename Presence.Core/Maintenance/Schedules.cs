using NCrontab;

namespace Presence.Core.Maintenance;

/// <summary>What follows from schedules: six-field NCrontab expressions, UTC.</summary>
internal static class Schedules
{
    /// <summary>How late a run may be before it counts as missing.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(45);

    /// <summary>Whether another run should have begun since the last one.</summary>
    public static bool IsOverdue(string schedule, DateTimeOffset lastStartedAt, DateTimeOffset now)
    {
        var next = CrontabSchedule.Parse(schedule, new() { IncludingSeconds = true }).GetNextOccurrence(lastStartedAt.UtcDateTime);
        return now > new DateTimeOffset(next, TimeSpan.Zero) + Tolerance;
    }
}
