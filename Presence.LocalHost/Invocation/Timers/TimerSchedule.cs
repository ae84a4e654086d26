using NCrontab;
using Presence.LocalHost.Hosting;

namespace Presence.LocalHost.Invocation.Timers;

/// <summary>A six-field NCrontab schedule, read in UTC as in Azure.</summary>
internal sealed class TimerSchedule
{
    private static readonly CrontabSchedule.ParseOptions WithSeconds = new() { IncludingSeconds = true };

    private readonly CrontabSchedule _schedule;

    private TimerSchedule(CrontabSchedule schedule) => _schedule = schedule;

    /// <exception cref="LocalHostStartException">The expression is not valid.</exception>
    public static TimerSchedule Parse(string functionName, string expression) =>
        CrontabSchedule.TryParse(expression, WithSeconds) is { } schedule
            ? new TimerSchedule(schedule)
            : throw new LocalHostStartException(
                $"Function '{functionName}' has the schedule '{expression}', "
                + "which is not an NCrontab expression of six fields such as '*/15 * * * * *'.");

    public DateTime NextAfter(DateTime utc) => _schedule.GetNextOccurrence(utc);

    /// <summary>The Functions host keeps no status for schedules that occur more than once a minute.</summary>
    public bool IsMonitored(DateTime utc)
    {
        var isForEachMinute = _schedule.ToString().Split(' ').Skip(1).All(field => field == "*");
        return !isForEachMinute || _schedule.GetNextOccurrences(utc, utc.AddMinutes(1)).Take(2).Count() <= 1;
    }
}
