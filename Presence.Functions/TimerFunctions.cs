using Microsoft.Azure.Functions.Worker;
using Presence.Core.Options;
using Presence.Core.Population;
using Presence.Core.Retention;
using Presence.Core.Sweep;

namespace Presence.Functions;

/// <summary>What time does: the sweep of those who are due, the clean-up of what has had its time, and the count of who is here.</summary>
public sealed partial class TimerFunctions(
    PresenceSweep sweep, Cleanup cleanup, CensusTaker census, MessageBinding binding, ILogger<TimerFunctions> logger)
{
    [Function(nameof(Sweep))]
    public async Task<EventOutput> Sweep(
        [TimerTrigger("%" + ScheduleSettings.Sweep + "%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var run = binding.Begin();
        var report = await sweep.RunAsync(cancellationToken);
        LogSwept(report.Due, report.Transitions, report.Duties, report.DutiesLeft, report.Duration.TotalMilliseconds);
        return new() { SignalR = MessageBinding.End(run) };
    }

    [Function(nameof(CleanUp))]
    public async Task CleanUp([TimerTrigger("%" + ScheduleSettings.Cleanup + "%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var report = await cleanup.RunAsync(cancellationToken);
        LogCleanedUp(report.ExpiredSessions, report.ForgottenParticipants, report.RemovedHistory, report.SummedDays);
    }

    [Function(nameof(TakeCensus))]
    public Task TakeCensus([TimerTrigger("%" + ScheduleSettings.Census + "%")] TimerInfo timer, CancellationToken cancellationToken) =>
        census.TakeAsync(cancellationToken);

    [LoggerMessage(
        EventName = "Swept", Level = LogLevel.Debug,
        Message = "Swept: {Due} due, {Transitions} changes of status, {Duties} duties found and {Left} of them left, {Milliseconds:F0} ms.")]
    private partial void LogSwept(int due, int transitions, int duties, int left, double milliseconds);

    [LoggerMessage(EventName = "CleanedUp", Level = LogLevel.Information, Message = "Cleaned up: {Sessions} sessions, {Participants} participants, {History} rows of history; {Days} days summed up.")]
    private partial void LogCleanedUp(int sessions, int participants, int history, int days);
}
