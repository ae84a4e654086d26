using System.Collections.Immutable;
using Presence.Core.Metrics;

namespace Presence.Tests.Infra;

/// <summary>One of the series that a metric has in the Prometheus text.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="IsCounter">It only rises, until it starts anew.</param>
/// <param name="Labels">Its labels and all values of each; <c>le</c> has any.</param>
internal sealed record PrometheusSeries(string Name, bool IsCounter, ImmutableDictionary<string, ImmutableArray<string>> Labels)
{
    /// <summary>The label of a bucket: its upper bound.</summary>
    public const string Bound = "le";

    private static readonly Dictionary<string, PrometheusSeries> All = MetricCatalogue.All.SelectMany(Of).ToDictionary(series => series.Name);

    public bool IsBucket => Labels.ContainsKey(Bound);

    public static PrometheusSeries? Find(string name) => All.GetValueOrDefault(name);

    private static IEnumerable<PrometheusSeries> Of(MetricDefinition metric)
    {
        var name = PrometheusText.NameOf(metric);
        var labels = metric.Attributes.ToImmutableDictionary(attribute => attribute.Name, attribute => attribute.Values);
        return metric.Kind == MetricKind.Histogram
            ?
            [
                new($"{name}_bucket", true, labels.Add(Bound, [])),
                new($"{name}_sum", true, labels),
                new($"{name}_count", true, labels),
            ]
            : [new(name, metric.Kind == MetricKind.Counter, labels)];
    }
}
