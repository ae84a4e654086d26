using Presence.Core.Metrics;

namespace Presence.Benchmarks.Counts;

/// <summary>What was asked of storage, as the instances themselves count it.</summary>
/// <param name="All">Every request.</param>
/// <param name="LookUps">Those that read.</param>
/// <param name="Refused">Writes that were refused, because another was first.</param>
internal readonly record struct StorageRequests(double All, double LookUps, double Refused)
{
    private static readonly string[] Operations = [.. MetricCatalogue.StorageRequests.Attributes[0].Values];
    private static readonly string[] Outcomes = [.. MetricCatalogue.StorageRequests.Attributes[1].Values];

    public static StorageRequests Of(MetricTotals totals) => new(
        Sum(totals, Operations, Outcomes), Sum(totals, ["read", "query"], Outcomes), Sum(totals, ["write", "transaction"], ["conflict"]));

    public static StorageRequests operator +(StorageRequests a, StorageRequests b) => new(a.All + b.All, a.LookUps + b.LookUps, a.Refused + b.Refused);

    public static StorageRequests operator -(StorageRequests a, StorageRequests b) => new(a.All - b.All, a.LookUps - b.LookUps, a.Refused - b.Refused);

    public static StorageRequests operator /(StorageRequests a, double by) => new(a.All / by, a.LookUps / by, a.Refused / by);

    private static double Sum(MetricTotals totals, string[] operations, string[] outcomes) =>
        operations.Sum(operation => outcomes.Sum(outcome => totals.ValueOf(MetricCatalogue.StorageRequests, operation, outcome)));
}
