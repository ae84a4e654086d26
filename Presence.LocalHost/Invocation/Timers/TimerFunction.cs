using Microsoft.Azure.Functions.Worker;
using Presence.LocalHost.Invocation.Catalog;

namespace Presence.LocalHost.Invocation.Timers;

/// <summary>Runs one timer function on its schedule, one run after the other.</summary>
internal sealed class TimerFunction(
    FunctionDefinition function,
    TimerFunctionTrigger trigger,
    TimerSchedule schedule,
    FunctionRunner runner,
    ITimerLease leases,
    TimeProvider time,
    ILogger<TimerFunction> logger)
{
    // A timer takes at most 49 days.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    private readonly bool _isMonitored = trigger.UseMonitor && schedule.IsMonitored(Now(time));

    /// <summary>Ends when the token is canceled; a failed run does not end it.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var status = new ScheduleStatus { Next = schedule.NextAfter(Now(time)) };
        if (trigger.RunOnStartup)
        {
            status = await RunOnceAsync(status, isScheduled: false, stopping);
        }

        while (await UntilAsync(status.Next, stopping))
        {
            status = await RunOnceAsync(status, isScheduled: true, stopping);
        }
    }

    private async Task<bool> UntilAsync(DateTime next, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && next - Now(time) is var delay && delay > TimeSpan.Zero)
        {
            var wait = Task.Delay(delay < LongestDelay ? delay : LongestDelay, time, stopping);
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return !stopping.IsCancellationRequested;
    }

    private async Task<ScheduleStatus> RunOnceAsync(ScheduleStatus status, bool isScheduled, CancellationToken stopping)
    {
        var started = Now(time);
        await RunLeasedAsync(status, stopping);

        // The next tick counts from when this run began: one that took longer than the interval is followed at once, and the ticks
        // it missed are not made up for one by one.
        var last = isScheduled && status.Next > started ? status.Next : started;
        return new ScheduleStatus { Last = last, Next = schedule.NextAfter(last), LastUpdated = last };
    }

    private async Task RunLeasedAsync(ScheduleStatus status, CancellationToken stopping)
    {
        try
        {
            await using var lease = await leases.TryAcquireAsync(function.Name, stopping);
            if (lease is null)
            {
                logger.RunsElsewhere(function.Name);
                return;
            }

            var info = new TimerInfo { ScheduleStatus = _isMonitored ? status : null };
            await runner.RunAsync(function, new FunctionInvocation(info, NoValues, stopping));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !stopping.IsCancellationRequested)
        {
            logger.LeaseFailed(failure, function.Name);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private static readonly Dictionary<string, object?> NoValues = [];

    private static DateTime Now(TimeProvider time) => time.GetUtcNow().UtcDateTime;
}
