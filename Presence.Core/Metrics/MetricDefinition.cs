using System.Collections.Immutable;

namespace Presence.Core.Metrics;

/// <summary>How the values of a metric add up.</summary>
internal enum MetricKind
{
    /// <summary>Only rises; sums over time and instances.</summary>
    Counter,

    /// <summary>Values sorted into buckets; sums over time and instances.</summary>
    Histogram,

    /// <summary>What is the case now; sums over the instances alive.</summary>
    Gauge,
}

/// <summary>An attribute of a metric and all the values it may have: a metric has as many series as its attributes allow, never more.</summary>
internal sealed record MetricAttribute(string Name, ImmutableArray<string> Values);

/// <summary>One metric, for instruments, stored sums and Prometheus text alike.</summary>
/// <param name="Name">In OpenTelemetry's style: lower case, dots between the parts.</param>
/// <param name="Kind">How its values add up.</param>
/// <param name="Unit">UCUM; <c>s</c> or an annotation in braces.</param>
/// <param name="Description">What is counted or measured.</param>
internal sealed record MetricDefinition(string Name, MetricKind Kind, string Unit, string Description)
{
    private const double Millionths = 1e6;

    /// <summary>What its series differ by.</summary>
    public ImmutableArray<MetricAttribute> Attributes { get; init; } = [];

    /// <summary>The inclusive upper bounds of a histogram's buckets, rising; one more for all above is implied.</summary>
    public ImmutableArray<double> Buckets { get; init; } = [];

    /// <summary>How many numbers make up one series: the buckets and the sum of a histogram, else one.</summary>
    public int Width => Kind == MetricKind.Histogram ? Buckets.Length + 2 : 1;

    /// <summary>A value as it is added up: whole millionths, so that a sum is exact however it is put together, and never falls.</summary>
    public static double ToStoredSum(double value) => Math.Round(value * Millionths);

    /// <summary>A sum in the metric's unit.</summary>
    public static double FromStoredSum(double sum) => sum / Millionths;

    /// <summary>How many series it may have.</summary>
    public int SeriesCount => Attributes.Aggregate(1, (count, attribute) => count * attribute.Values.Length);

    /// <summary>The values of the attributes of a series, in their order.</summary>
    public ImmutableArray<string> ValuesOf(int series)
    {
        var values = new string[Attributes.Length];
        for (var i = Attributes.Length - 1; i >= 0; i--)
        {
            (series, var value) = Math.DivRem(series, Attributes[i].Values.Length);
            values[i] = Attributes[i].Values[value];
        }

        return [.. values];
    }

    /// <summary>The key under which a series is stored.</summary>
    public string KeyOf(params ReadOnlySpan<string> values) => $"{Name}{{{string.Join(',', values)}}}";
}
