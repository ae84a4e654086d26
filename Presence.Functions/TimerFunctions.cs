using Microsoft.Azure.Functions.Worker;
using Presence.Core.Budgets;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Population;
using Presence.Core.Retention;
using Presence.Core.Sweep;
using Presence.Core.Truth;
using Presence.Core.Webhooks;

namespace Presence.Functions;

/// <summary>
/// What time does: the sweep of those who are due, the clean-up of what has had its time, the count of who is here and of what that costs, with the
/// removal of old events, the check of what is shown, and what webhooks are sent.
/// </summary>
public sealed partial class TimerFunctions(
    PresenceSweep sweep, Cleanup cleanup, EventExpiry expiry, CensusTaker census, BudgetGovernor governor, TruthCheck truth, WebhookDelivery webhooks, MessageBinding binding,
    PresenceMetrics metrics, ILogger<TimerFunctions> logger)
{
    [Function(nameof(Sweep))]
    public async Task<EventOutput> Sweep(
        [TimerTrigger("%" + ScheduleSettings.Sweep + "%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        metrics.Executed(byTimer: true);
        var run = binding.Begin();
        var report = await sweep.RunAsync(cancellationToken);
        LogSwept(report.Due, report.Transitions, report.Duties, report.DutiesLeft, report.Duration.TotalMilliseconds);
        return new() { SignalR = MessageBinding.End(run) };
    }

    [Function(nameof(CleanUp))]
    public async Task CleanUp([TimerTrigger("%" + ScheduleSettings.Cleanup + "%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        metrics.Executed(byTimer: true);
        var report = await cleanup.RunAsync(cancellationToken);
        LogCleanedUp(report.ExpiredSessions, report.ForgottenParticipants, report.RemovedHistory, report.SummedDays);
    }

    [Function(nameof(TakeCensus))]
    public async Task TakeCensus([TimerTrigger("%" + ScheduleSettings.Census + "%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        metrics.Executed(byTimer: true);
        try
        {
            await governor.RunAsync(await census.TakeAsync(cancellationToken), cancellationToken);
        }
        finally
        {
            // No timer of its own: a minute is how often a part of what is old must go, so that it never becomes too much, and a timer costs at rest.
            await expiry.RunAsync(cancellationToken);
        }
    }

    [Function(nameof(CheckTruth))]
    public async Task<EventOutput> CheckTruth(
        [TimerTrigger("%" + ScheduleSettings.Truth + "%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        metrics.Executed(byTimer: true);
        var run = binding.Begin();
        await truth.RunAsync(cancellationToken);
        return new() { SignalR = MessageBinding.End(run) };
    }

    [Function(nameof(DeliverWebhooks))]
    public async Task DeliverWebhooks([TimerTrigger("%" + ScheduleSettings.Webhook + "%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        metrics.Executed(byTimer: true);
        var report = await webhooks.RunAsync(cancellationToken);
        LogDelivered(report.Due, report.Delivered, report.Failed);
    }

    [LoggerMessage(
        EventName = "WebhooksDelivered", Level = LogLevel.Debug,
        Message = "Webhooks: {Due} due, {Delivered} messages delivered, {Failed} attempts failed.")]
    private partial void LogDelivered(int due, int delivered, int failed);

    [LoggerMessage(
        EventName = "Swept", Level = LogLevel.Debug,
        Message = "Swept: {Due} due, {Transitions} changes of status, {Duties} duties found and {Left} of them left, {Milliseconds:F0} ms.")]
    private partial void LogSwept(int due, int transitions, int duties, int left, double milliseconds);

    [LoggerMessage(EventName = "CleanedUp", Level = LogLevel.Information, Message = "Cleaned up: {Sessions} sessions, {Participants} participants, {History} rows of history; {Days} days summed up.")]
    private partial void LogCleanedUp(int sessions, int participants, int history, int days);
}
