namespace Presence.Tests.Infra;

/// <summary>What the parser found in a query of Prometheus.</summary>
internal sealed record PromQlReading(
    IReadOnlyList<string> Problems,
    IReadOnlyList<PromQlSelector> Selectors,
    IReadOnlyList<PromQlGrouping> Groupings,
    IReadOnlyList<PromQlQuantile> Quantiles);

/// <param name="Metric">The series that is asked for.</param>
/// <param name="Matchers">The conditions on its labels.</param>
/// <param name="IsRange">Asked for over a time: <c>metric[5m]</c>.</param>
/// <param name="Function">The function that it is given to, if any.</param>
/// <param name="Aggregate">The aggregation right around it: what makes one series of the same series of several targets.</param>
internal sealed record PromQlSelector(
    string Metric, IReadOnlyList<PromQlMatcher> Matchers, bool IsRange, string? Function, PromQlAggregate? Aggregate);

internal sealed record PromQlMatcher(string Label, string Operator, string Value);

internal sealed record PromQlAggregate(string Operator, IReadOnlyList<string> Labels);

/// <summary>The labels of a <c>by</c> or <c>on</c>, and the series beneath it.</summary>
internal sealed record PromQlGrouping(IReadOnlyList<string> Labels, IReadOnlyList<string> Metrics);

/// <summary>A <c>histogram_quantile</c>, and the labels that each aggregation in it keeps.</summary>
internal sealed record PromQlQuantile(IReadOnlyList<string> Metrics, IReadOnlyList<IReadOnlyList<string>> Labels);
