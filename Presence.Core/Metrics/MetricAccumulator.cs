namespace Presence.Core.Metrics;

/// <summary>Adds up the measurements of one instrument. Allocates once per series, never per measurement.</summary>
/// <param name="metric">What it measures.</param>
/// <param name="isObserved">Whether a measurement is the sum of all so far.</param>
internal sealed class MetricAccumulator(MetricDefinition metric, bool isObserved)
{
    private readonly Lock _lock = new();
    private readonly double[]?[] _series = new double[]?[metric.SeriesCount];

    /// <exception cref="InvalidOperationException">The attributes are not those of the catalogue.</exception>
    public void Measured(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var index = IndexOf(tags);
        lock (_lock)
        {
            var numbers = _series[index] ??= new double[metric.Width];
            switch (metric.Kind)
            {
                case MetricKind.Counter when !isObserved:
                    numbers[0] += value;
                    break;
                case MetricKind.Counter or MetricKind.Gauge:
                    numbers[0] = value;
                    break;
                default:
                    numbers[BucketOf(value)]++;
                    numbers[^1] += MetricDefinition.ToStoredSum(value);
                    break;
            }
        }
    }

    /// <summary>A gauge that is not observed again has no value.</summary>
    public void BeforeObservation()
    {
        if (metric.Kind == MetricKind.Gauge)
        {
            lock (_lock)
            {
                Array.Clear(_series);
            }
        }
    }

    /// <summary>Copies of all series with a value, by key.</summary>
    public List<KeyValuePair<string, double[]>> Read()
    {
        lock (_lock)
        {
            return
            [
                .. _series.Index().Where(s => s.Item is not null).Select(s =>
                    KeyValuePair.Create(metric.KeyOf(metric.ValuesOf(s.Index).AsSpan()), (double[])s.Item!.Clone())),
            ];
        }
    }

    private int BucketOf(double value)
    {
        var bucket = 0;
        while (bucket < metric.Buckets.Length && value > metric.Buckets[bucket])
        {
            bucket++;
        }

        return bucket;
    }

    private int IndexOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var index = 0;
        foreach (var attribute in metric.Attributes)
        {
            index = (index * attribute.Values.Length) + ValueIn(tags, attribute);
        }

        return index;
    }

    private int ValueIn(ReadOnlySpan<KeyValuePair<string, object?>> tags, MetricAttribute attribute)
    {
        foreach (var (name, value) in tags)
        {
            if (name == attribute.Name && attribute.Values.IndexOf((string)value!) is >= 0 and var index)
            {
                return index;
            }
        }

        throw new InvalidOperationException($"A measurement of {metric.Name} has no known {attribute.Name}.");
    }
}
