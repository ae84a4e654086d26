using System.Globalization;
using System.Text;

namespace Presence.Core.Metrics;

/// <summary>
/// The text format 0.0.4 of Prometheus ("Exposition formats" in its documentation); names as OpenTelemetry's Prometheus compatibility
/// specification derives them. Counters and histograms start at 0, so that a rate has its first point from the start.
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(MetricTotals totals)
    {
        var text = new StringBuilder();
        foreach (var metric in MetricCatalogue.All)
        {
            Write(text, metric, totals);
        }

        return text.ToString();
    }

    /// <summary>The name of a metric in Prometheus.</summary>
    public static string NameOf(MetricDefinition metric)
    {
        var name = metric.Name.Replace('.', '_');
        return (metric.Unit == "s" ? name + "_seconds" : name) + (metric.Kind == MetricKind.Counter ? "_total" : "");
    }

    private static void Write(StringBuilder text, MetricDefinition metric, MetricTotals totals)
    {
        var name = NameOf(metric);
        var kind = metric.Kind switch { MetricKind.Counter => "counter", MetricKind.Histogram => "histogram", _ => "gauge" };
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {metric.Description}\n# TYPE {name} {kind}\n");
        for (var i = 0; i < metric.SeriesCount; i++)
        {
            var values = metric.ValuesOf(i);
            var labels = string.Join(',', metric.Attributes.Zip(values, (attribute, value) => $"{attribute.Name}=\"{value}\""));
            var numbers = totals.Of(metric, values.AsSpan());
            if (metric.Kind == MetricKind.Histogram)
            {
                WriteHistogram(text, metric, name, labels, numbers.IsEmpty ? new double[metric.Width] : numbers);
            }
            else if (metric.Kind == MetricKind.Counter || !numbers.IsEmpty)
            {
                WriteSample(text, name, labels, numbers.IsEmpty ? 0 : numbers[0]);
            }
        }
    }

    private static void WriteHistogram(StringBuilder text, MetricDefinition metric, string name, string labels, ReadOnlySpan<double> numbers)
    {
        var count = 0.0;
        for (var i = 0; i <= metric.Buckets.Length; i++)
        {
            count += numbers[i];
            var bound = i < metric.Buckets.Length ? Number(metric.Buckets[i]) : "+Inf";
            WriteSample(text, name + "_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{bound}\"", count);
        }

        WriteSample(text, name + "_sum", labels, MetricDefinition.FromStoredSum(numbers[^1]));
        WriteSample(text, name + "_count", labels, count);
    }

    private static void WriteSample(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
