namespace Presence.Tests.Infra;

/// <summary>What a query may rely on of a metric.</summary>
/// <param name="Name">As in Log Analytics.</param>
/// <param name="Kind">Whether it only grows.</param>
/// <param name="IsInSeconds">Prometheus has the unit in the name.</param>
/// <param name="Attributes">Its attributes and all values of each.</param>
internal sealed record KnownMetric(
    string Name, KnownMetricKind Kind, bool IsInSeconds, IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes)
{
    public string PrometheusName => Name.Replace('.', '_') + (IsInSeconds ? "_seconds" : "");
}

internal enum KnownMetricKind
{
    Counter,
    Gauge,
    Histogram,
}
