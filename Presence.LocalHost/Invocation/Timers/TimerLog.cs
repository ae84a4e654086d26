namespace Presence.LocalHost.Invocation.Timers;

internal static partial class TimerLog
{
    [LoggerMessage(11, LogLevel.Debug, "Timer function {Function} runs elsewhere", EventName = "TimerRunsElsewhere")]
    public static partial void RunsElsewhere(this ILogger logger, string function);

    [LoggerMessage(12, LogLevel.Error, "The lease of timer function {Function} cannot be had", EventName = "TimerLeaseFailed")]
    public static partial void LeaseFailed(this ILogger logger, Exception failure, string function);
}
