using Presence.LocalHost.Invocation.Catalog;

namespace Presence.LocalHost.Invocation.Timers;

/// <summary>Runs the timer functions from when the host answers requests until it stops.</summary>
internal sealed class TimerFunctions : IHostedLifecycleService, IDisposable
{
    private readonly IReadOnlyList<TimerFunction> _functions;
    private readonly CancellationTokenSource _stopping = new();
    private Task _runs = Task.CompletedTask;

    /// <exception cref="Hosting.LocalHostStartException">A schedule is not valid, or the setting it refers to is missing.</exception>
    public TimerFunctions(
        FunctionCatalog catalog,
        IConfiguration configuration,
        FunctionRunner runner,
        ITimerLease leases,
        TimeProvider time,
        ILogger<TimerFunction> logger) =>
        _functions =
        [
            .. from timer in catalog.TriggeredBy<TimerFunctionTrigger>()
               let expression = SettingReferences.Resolve(timer.Function.Name, timer.Trigger.Schedule, configuration)
               let schedule = TimerSchedule.Parse(timer.Function.Name, expression)
               select new TimerFunction(timer.Function, timer.Trigger, schedule, runner, leases, time, logger),
        ];

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _runs = Task.WhenAll(_functions.Select(function => Task.Run(() => function.RunAsync(_stopping.Token), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _runs.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();
}
