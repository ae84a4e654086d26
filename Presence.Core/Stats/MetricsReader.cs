using Microsoft.Extensions.Options;
using Presence.Core.Budgets;
using Presence.Core.Costs;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Population;
using Presence.Core.Ports;
using Presence.Core.Reports;

namespace Presence.Core.Stats;

/// <summary>The metrics of the whole system, whichever instance is asked: five storage requests, however many users there are.</summary>
public sealed class MetricsReader(
    SharedMetrics shared, CensusTaker census, IMaintenanceStore store, IBudgetStore budget, IOptions<PresenceOptions> options, TimeProvider time)
{
    /// <summary>The content type of <see cref="ReadPrometheusTextAsync"/>.</summary>
    public const string ContentType = PrometheusText.ContentType;

    /// <summary>All of them in the text format of Prometheus.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<string> ReadPrometheusTextAsync(CancellationToken cancellationToken)
    {
        var sum = await shared.SumAsync(cancellationToken);
        sum = With(sum, await census.FindAsync(cancellationToken));
        sum = With(sum, (await budget.FindAsync(cancellationToken))?.Record);
        return PrometheusText.Write(With(sum, await store.FindLastSweepAsync(cancellationToken)));
    }

    /// <summary>The census kept for all counts, not what single instances remember of theirs.</summary>
    private static MetricTotals With(MetricTotals sum, Census? census) => census is null
        ? sum
        : census.Counts.Aggregate(sum, (all, count) => all.With(MetricCatalogue.Users, count.Users, count.Kind, count.Status));

    /// <summary>The same of the budget, unless nobody has decided for a day, or in this month.</summary>
    private MetricTotals With(MetricTotals sum, BudgetRecord? record) => record is null || !record.IsCurrent(time.GetUtcNow())
        ? sum
        : CostStats.AmountsOf(record, options.Value).Aggregate(
            sum.With(MetricCatalogue.EconomyStep, (double)record.Step),
            (all, amount) => all.With(MetricCatalogue.Cost, amount.Dollars, amount.Kind));

    private MetricTotals With(MetricTotals sum, LastSweep? sweep) => sweep is null
        ? sum.With(MetricCatalogue.MaintenanceActive, 0)
        : sum
            .With(MetricCatalogue.LastSweep, sweep.StartedAt.ToUnixTimeMilliseconds() / 1000.0)
            .With(MetricCatalogue.MaintenanceActive, Schedules.IsOverdue(options.Value.SweepSchedule, sweep.StartedAt, time.GetUtcNow()) ? 0 : 1);
}
