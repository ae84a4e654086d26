namespace Presence.Tests.Infra;

public class GrafanaQueryTests
{
    private static readonly string[] TargetLabels = ["job", "instance"];
    private static readonly string[] Rates = ["rate", "irate", "increase"];

    private static readonly Lazy<Task<Dictionary<string, PromQlReading>>> Readings =
        new(() => QueryParser.ReadPromQlAsync(GrafanaDashboard.Load().Queries()));

    [Fact]
    public async Task EveryQueryParses() => Assert.Empty(await ProblemsAsync(query => query.Problems));

    [Fact]
    public void EveryVariableIsDeclared() =>
        Assert.All(GrafanaDashboard.Load().Queries(), query => Assert.DoesNotContain('$', query.Value));

    [Fact]
    public async Task EverySeriesExists() => Assert.Empty(await ProblemsAsync(query => query.Selectors
        .Where(selector => PrometheusSeries.Find(selector.Metric) is null)
        .Select(selector => $"{selector.Metric} is no series")));

    [Fact]
    public async Task EveryLabelOfASeriesExists() => Assert.Empty(await ProblemsAsync(query =>
        query.Selectors.SelectMany(selector => selector.Matchers.Select(matcher => (selector.Metric, matcher.Label)))
            .Concat(query.Groupings.SelectMany(grouping => grouping.Metrics.SelectMany(metric => grouping.Labels.Select(label => (metric, label)))))
            .Where(used => !TargetLabels.Contains(used.Item2) && PrometheusSeries.Find(used.Item1) is { } series && !series.Labels.ContainsKey(used.Item2))
            .Select(used => $"{used.Item1} has no label {used.Item2}")));

    [Fact]
    public async Task EveryValueOfALabelExists() => Assert.Empty(await ProblemsAsync(query =>
        from selector in query.Selectors
        from matcher in selector.Matchers
        where !TargetLabels.Contains(matcher.Label)
        let values = PrometheusSeries.Find(selector.Metric)?.Labels.GetValueOrDefault(matcher.Label)
        from value in matcher.Operator.EndsWith('~') ? matcher.Value.Split('|') : [matcher.Value]
        where values is not null && !values.Contains(value)
        select $"{selector.Metric} never has {matcher.Label} {value}"));

    [Fact]
    public async Task CountersAreShownAsRatesAndGaugesNever() => Assert.Empty(await ProblemsAsync(query => query.Selectors
        .Where(selector => PrometheusSeries.Find(selector.Metric) is { } series && !(series.IsCounter
            ? selector.IsRange && Rates.Contains(selector.Function)
            : !selector.IsRange || selector.Function?.EndsWith("_over_time", StringComparison.Ordinal) is true))
        .Select(selector => $"{selector.Metric} is given to {selector.Function ?? "nothing"}")));

    [Fact]
    public async Task QuantilesAreOfBuckets() => Assert.Empty(await ProblemsAsync(query => query.Quantiles
        .Where(quantile => !quantile.Metrics.All(metric => PrometheusSeries.Find(metric) is { IsBucket: true })
            || !quantile.Labels.All(labels => labels.Contains(PrometheusSeries.Bound)))
        .Select(quantile => $"a quantile of {string.Join(", ", quantile.Metrics)}")));

    [Fact]
    public async Task BucketsAreAddedUpOnlyForQuantiles() => Assert.Empty(await ProblemsAsync(query => query.Selectors
        .Where(selector => PrometheusSeries.Find(selector.Metric) is { IsBucket: true }
            && !query.Quantiles.Any(quantile => quantile.Metrics.Contains(selector.Metric)))
        .Select(selector => $"{selector.Metric} outside a quantile")));

    [Fact]
    public async Task WhatSeveralTargetsTellIsCountedOnce() => Assert.Empty(await ProblemsAsync(query => query.Selectors
        .Where(selector => PrometheusSeries.Find(selector.Metric) is { } series && !IsLargestOfTheTargets(selector, series))
        .Select(selector => $"{selector.Metric} is not the largest by its own labels")));

    [Fact]
    public async Task EverySeriesIsOfTheChosenJob() => Assert.Empty(await ProblemsAsync(query => query.Selectors
        .Where(selector => !selector.Matchers.Contains(new("job", "=", "presence")))
        .Select(selector => $"{selector.Metric} of every job")));

    // All targets tell the same sums: the largest by the labels that tell apart what one target tells.
    private static bool IsLargestOfTheTargets(PromQlSelector selector, PrometheusSeries series)
    {
        var @fixed = selector.Matchers.Where(matcher => matcher.Operator == "=").Select(matcher => matcher.Label);
        return selector.Aggregate is { Operator: "max" } largest
            && !largest.Labels.Intersect(TargetLabels).Any()
            && !series.Labels.Keys.Except(@fixed).Except(largest.Labels).Any();
    }

    private static async Task<IEnumerable<string>> ProblemsAsync(Func<PromQlReading, IEnumerable<string>> problems) =>
        (await Readings.Value).SelectMany(query => problems(query.Value).Select(problem => $"{query.Key}: {problem}"));
}
