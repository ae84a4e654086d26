using Presence.Core.Ports;
using Presence.Simulation.Services;

namespace Presence.Simulation.Storage;

/// <summary>The last sweep, as sweeps ask for it. Nothing else of upkeep takes place here.</summary>
internal sealed class MaintenanceStore(SharedState shared, Wire wire) : IMaintenanceStore
{
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(4.5);

    public Task KeepLastSweepAsync(SweepReport report, CancellationToken cancellationToken) => wire.CallAsync(
        "keep last sweep",
        Prompt,
        () =>
        {
            var (completed, resumed) = report.FailedShards == 0
                ? (report.StartedAt, report.ResumedAt ?? shared.LastSweep?.ResumedAt)
                : (shared.LastSweep?.CompletedAt, shared.LastSweep?.ResumedAt);
            shared.LastSweep = new(
                report.StartedAt, report.Duration.TotalMilliseconds, report.Due, report.Transitions, report.FailedShards, completed, resumed);
            return true;
        },
        null,
        cancellationToken);

    public Task<LastSweep?> FindLastSweepAsync(CancellationToken cancellationToken) =>
        wire.CallAsync("find last sweep", Prompt, () => shared.LastSweep, null, cancellationToken);

    public Task KeepCensusAsync(Census census, CancellationToken cancellationToken) => throw NotHere();

    public Task<Census?> FindCensusAsync(CancellationToken cancellationToken) => throw NotHere();

    public Task<bool> TryReportAsync(InstanceReport report, bool isFirst, CancellationToken cancellationToken) => throw NotHere();

    public Task<IReadOnlyList<InstanceReport>> ListReportsAsync(CancellationToken cancellationToken) => throw NotHere();

    public Task RetireReportsAsync(DateTimeOffset silentSince, CancellationToken cancellationToken) => throw NotHere();

    public Task<ActivityCounts> FindBaselineAsync(CancellationToken cancellationToken) => throw NotHere();

    public Task KeepBaselineAsync(ActivityCounts counts, CancellationToken cancellationToken) => throw NotHere();

    public Task<long> CountUsersAsync(CancellationToken cancellationToken) => throw NotHere();

    public Task AddUpUsersAsync(CancellationToken cancellationToken) => throw NotHere();

    private static NotSupportedException NotHere() => new("No such upkeep takes place here.");
}
