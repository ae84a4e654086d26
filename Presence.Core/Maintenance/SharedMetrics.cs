using Microsoft.Extensions.Options;
using Presence.Core.Configuration;
using Presence.Core.Storage;
using Presence.Core.Throttle;

namespace Presence.Core.Maintenance;

/// <summary>The counts over all instances: the sum of their rows, less what it was at the last reset. No instance's counters are touched.</summary>
public sealed class SharedMetrics(
    InstanceReporter reporter, IMaintenanceStore store, IOptions<PresenceOptions> options, TimeProvider time)
{
    /// <summary>The counts since the last reset: this instance's to the moment, the others' to within <see cref="InstanceReporter.Interval"/>.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<StatusMetrics> GetAsync(CancellationToken cancellationToken)
    {
        var reports = await CurrentReportsAsync(cancellationToken);
        var baseline = await store.FindBaselineAsync(cancellationToken);

        // What an instance remembered longer than a window ago has expired since.
        var fresh = time.GetUtcNow() - options.Value.RecordWindow;
        return new(Sum(reports) - baseline, reports.Where(r => r.ReportedAt >= fresh).Sum(r => r.CacheSize));
    }

    /// <summary>Starts the counts of all instances anew.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task ResetAsync(CancellationToken cancellationToken) =>
        await store.KeepBaselineAsync(Sum(await CurrentReportsAsync(cancellationToken)), cancellationToken);

    private async Task<IReadOnlyList<InstanceReport>> CurrentReportsAsync(CancellationToken cancellationToken)
    {
        await reporter.ReportAsync(cancellationToken);
        return await store.ListReportsAsync(cancellationToken);
    }

    private static ActivityCounts Sum(IEnumerable<InstanceReport> reports) =>
        reports.Aggregate(default(ActivityCounts), (sum, report) => sum + report.Counts);
}
