namespace Presence.Tests.Infra;

/// <summary>One of the series that a metric has in the Prometheus text.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="IsCounter">It only grows, until it starts anew.</param>
/// <param name="Labels">Its labels and all values of each; <c>le</c> has any.</param>
internal sealed record PrometheusSeries(string Name, bool IsCounter, IReadOnlyDictionary<string, IReadOnlyList<string>> Labels)
{
    /// <summary>The label of a bucket: its upper bound.</summary>
    public const string Bound = "le";

    private static readonly Dictionary<string, PrometheusSeries> All = KnownMetrics.Everywhere.Concat(KnownMetrics.OnlyInPrometheus)
        .SelectMany(Of).ToDictionary(series => series.Name);

    public bool IsBucket => Labels.ContainsKey(Bound);

    public static PrometheusSeries? Find(string name) => All.GetValueOrDefault(name);

    private static IEnumerable<PrometheusSeries> Of(KnownMetric metric)
    {
        var (name, labels) = (metric.PrometheusName, metric.Attributes);
        return metric.Kind switch
        {
            KnownMetricKind.Counter => [new($"{name}_total", true, labels)],
            KnownMetricKind.Gauge => [new(name, false, labels)],
            _ =>
            [
                new($"{name}_bucket", true, new Dictionary<string, IReadOnlyList<string>>(labels) { [Bound] = [] }),
                new($"{name}_sum", true, labels),
                new($"{name}_count", true, labels),
            ],
        };
    }
}
