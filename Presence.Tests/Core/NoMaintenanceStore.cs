using Presence.Core.Ports;

namespace Presence.Tests.Core;

/// <summary>Remembers the last sweep, and nothing else.</summary>
internal sealed class NoMaintenanceStore : IMaintenanceStore
{
    private LastSweep? _last;

    /// <summary>Awaited before the last sweep is looked up.</summary>
    public Func<Task>? OnFind { get; set; }

    /// <summary>Awaited before the report of a sweep is kept.</summary>
    public Func<Task>? OnKeep { get; set; }

    public Task KeepLastSweepAsync(SweepReport report, CancellationToken cancellationToken)
    {
        var isComplete = report.FailedShards == 0;
        _last = new(
            report.StartedAt, report.Duration.TotalMilliseconds, report.Due, report.Transitions, report.FailedShards,
            isComplete ? report.StartedAt : _last?.CompletedAt, isComplete ? report.ResumedAt : _last?.ResumedAt);
        return OnKeep?.Invoke().WaitAsync(cancellationToken) ?? Task.CompletedTask;
    }

    public async Task<LastSweep?> FindLastSweepAsync(CancellationToken cancellationToken)
    {
        await (OnFind?.Invoke() ?? Task.CompletedTask).WaitAsync(cancellationToken);
        return _last;
    }

    public Task KeepCensusAsync(Census census, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<Census?> FindCensusAsync(CancellationToken cancellationToken) => Task.FromResult<Census?>(null);

    public Task<bool> TryReportAsync(InstanceReport report, bool isFirst, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<IReadOnlyList<InstanceReport>> ListReportsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<InstanceReport>>([]);

    public Task RetireReportsAsync(DateTimeOffset silentSince, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<ActivityCounts> FindBaselineAsync(CancellationToken cancellationToken) => Task.FromResult<ActivityCounts>(default);

    public Task KeepBaselineAsync(ActivityCounts counts, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<long> CountUsersAsync(CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task AddUpUsersAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
