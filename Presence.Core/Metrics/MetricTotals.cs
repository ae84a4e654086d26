using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Presence.Core.Metrics;

/// <summary>The values of all series at one moment: one instance's since it started, or the sum over several.</summary>
public sealed class MetricTotals
{
    private readonly ImmutableDictionary<string, double[]> _series;

    private MetricTotals(ImmutableDictionary<string, double[]> series) => _series = series;

    /// <summary>Nothing measured.</summary>
    public static MetricTotals None { get; } = new(ImmutableDictionary<string, double[]>.Empty);

    /// <summary>The sum, series by series.</summary>
    public static MetricTotals operator +(MetricTotals a, MetricTotals b) => Combine(a, b, (x, y) => x + y);

    /// <summary>The difference, series by series.</summary>
    public static MetricTotals operator -(MetricTotals a, MetricTotals b) => Combine(a, b, (x, y) => x - y);

    /// <summary>Without what is the case only at this moment and on this instance.</summary>
    public MetricTotals WithoutGauges() => new(_series.RemoveRange(_series.Keys.Where(key => MetricCatalogue.BySeries[key].Kind == MetricKind.Gauge)));

    /// <summary>Whether something was measured since: any change counts but that of gauges, and of the requests that telling of it costs.</summary>
    internal bool IsNewsSince(MetricTotals earlier) => _series.Any(s =>
        MetricCatalogue.BySeries[s.Key] is var metric && metric.Kind != MetricKind.Gauge && metric != MetricCatalogue.StorageRequests
        && !(earlier._series.TryGetValue(s.Key, out var before) && before.AsSpan().SequenceEqual(s.Value)));

    /// <summary>The numbers of a series: the value; of a histogram the counts of its buckets and the sum in millionths. Empty if nothing was measured.</summary>
    internal ReadOnlySpan<double> Of(MetricDefinition metric, params ReadOnlySpan<string> values) =>
        _series.TryGetValue(metric.KeyOf(values), out var numbers) ? numbers : default;

    /// <summary>The value of a counter or a gauge; 0 if nothing was measured.</summary>
    internal double ValueOf(MetricDefinition metric, params ReadOnlySpan<string> values) =>
        Of(metric, values) is [var value] ? value : 0;

    /// <summary>With a series set.</summary>
    internal MetricTotals With(MetricDefinition metric, double value, params ReadOnlySpan<string> values) =>
        new(_series.SetItem(metric.KeyOf(values), [value]));

    internal static MetricTotals From(IEnumerable<KeyValuePair<string, double[]>> series) => new(series.ToImmutableDictionary());

    internal string ToJson() => JsonSerializer.Serialize(_series.ToDictionary(), MetricTotalsJson.Default.DictionaryStringDoubleArray);

    /// <summary>Series that this version does not know, or knows in another shape, are left out.</summary>
    internal static MetricTotals FromJson(string? json) => string.IsNullOrEmpty(json)
        ? None
        : From(JsonSerializer.Deserialize(json, MetricTotalsJson.Default.DictionaryStringDoubleArray)!
            .Where(s => MetricCatalogue.BySeries.TryGetValue(s.Key, out var metric) && metric.Width == s.Value.Length));

    private static MetricTotals Combine(MetricTotals a, MetricTotals b, Func<double, double, double> combine)
    {
        var result = a._series.ToBuilder();
        foreach (var (key, numbers) in b._series)
        {
            var first = a._series.GetValueOrDefault(key) ?? new double[numbers.Length];
            result[key] = [.. first.Zip(numbers, combine)];
        }

        return new(result.ToImmutable());
    }
}

[JsonSerializable(typeof(Dictionary<string, double[]>))]
internal sealed partial class MetricTotalsJson : JsonSerializerContext;
