using Presence.Core.Metrics;
using Presence.Core.Ports;

namespace Presence.Core.Reports;

/// <summary>
/// What all instances have measured: the sum of their rows. This instance's part is up to the moment, the others' to within
/// <see cref="InstanceReporter.Interval"/>; gauges and storage requests, which are no news by themselves, to within half a minute.
/// </summary>
public sealed class SharedMetrics(InstanceReporter reporter, IMaintenanceStore store, TimeProvider time)
{
    /// <summary>The sums since ever; of what is the case now, those of the instances alive.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<MetricTotals> SumAsync(CancellationToken cancellationToken)
    {
        await reporter.ReportAsync(cancellationToken);
        var reports = await store.ListReportsAsync(cancellationToken);
        var aliveSince = time.GetUtcNow() - InstanceReporter.AliveFor;
        var sum = MetricTotals.None;
        var alive = 0;
        foreach (var report in reports)
        {
            var isAlive = report.ReportedAt >= aliveSince;
            alive += isAlive ? 1 : 0;
            sum += isAlive ? report.Totals : report.Totals.WithoutGauges();
        }

        return sum.With(MetricCatalogue.Instances, alive);
    }

    /// <summary>The counts of activity since the last reset.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<StatusMetrics> GetAsync(CancellationToken cancellationToken)
    {
        var sum = await SumAsync(cancellationToken);
        var baseline = await store.FindBaselineAsync(cancellationToken);
        return new(ActivityCounts.Of(sum) - baseline, (int)sum.ValueOf(MetricCatalogue.ThrottleEntries));
    }

    /// <summary>Starts the counts of activity of all instances anew. Their own counters, and what Prometheus is told, only ever rise.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task ResetAsync(CancellationToken cancellationToken) =>
        await store.KeepBaselineAsync(ActivityCounts.Of(await SumAsync(cancellationToken)), cancellationToken);
}
