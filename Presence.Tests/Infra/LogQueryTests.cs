using System.Collections.Immutable;
using Presence.Core.Metrics;

namespace Presence.Tests.Infra;

/// <summary>The queries of the workbook and of the alerts.</summary>
public class LogQueryTests
{
    private const string Metrics = "AppMetrics";

    private static readonly string[] Equalities =
        ["EqualExpression", "NotEqualExpression", "EqualTildeExpression", "BangTildeExpression", "InExpression", "NotInExpression"];

    private static readonly Lazy<Task<Dictionary<string, KqlReading>>> Readings = new(() => QueryParser.ReadKqlAsync(Queries()));

    [Fact]
    public async Task AzureUnderstandsEveryQuery() => Assert.Empty(await ProblemsAsync(query => query.Problems));

    [Fact]
    public async Task EveryQueryReadsATable() => Assert.All(await Readings.Value, query => Assert.NotEmpty(query.Value.Tables));

    [Fact]
    public async Task EveryQueryOfMetricsNamesThem() => Assert.All(
        (await Readings.Value).Where(query => query.Value.Tables.Contains(Metrics)),
        query => Assert.Contains(query.Value.Comparisons, comparison => comparison.IsMetricName));

    [Fact]
    public async Task WhateverIsNamedLikeAMetricIsOne() => Assert.Empty(await ProblemsAsync(query =>
        query.Texts.Where(text => text.StartsWith("presence.", StringComparison.Ordinal) && !IsExported(text))));

    [Fact]
    public async Task EveryMetricExists() => Assert.Empty(await ProblemsAsync(query =>
        from comparison in query.Comparisons
        where comparison.IsMetricName
        from name in comparison.Values
        where !IsExported(name) || !Equalities.Contains(comparison.Operator)
        select $"{name} ({comparison.Operator})"));

    [Fact]
    public async Task EveryAttributeExists() => Assert.Empty(await ProblemsAsync(query =>
        from attribute in query.Attributes
        where attribute.Metrics.Count == 0 || attribute.Metrics.Any(metric => IsExported(metric) && ValuesOf(metric, attribute.Name).IsEmpty)
        select $"{attribute.Name} of {string.Join(", ", attribute.Metrics)}"));

    [Fact]
    public async Task EveryValueOfAnAttributeExists() => Assert.Empty(await ProblemsAsync(query =>
        from comparison in query.Comparisons
        let attribute = comparison.Attribute
        where attribute is not null
        from value in comparison.Values
        where !Equalities.Contains(comparison.Operator)
            || !comparison.Metrics.Any(metric => ValuesOf(metric, attribute).Contains(value))
        select $"{attribute} {value} of {string.Join(", ", comparison.Metrics)}"));

    /// <summary>Those that no instance measures reach Prometheus only.</summary>
    private static bool IsExported(string metric) =>
        MetricCatalogue.ByName.TryGetValue(metric, out var known)
        && known != MetricCatalogue.Instances && known != MetricCatalogue.LastSweep && known != MetricCatalogue.MaintenanceActive;

    private static ImmutableArray<string> ValuesOf(string metric, string attribute) =>
        MetricCatalogue.ByName.GetValueOrDefault(metric)?.Attributes.SingleOrDefault(known => known.Name == attribute)?.Values ?? [];

    private static Dictionary<string, string> Queries()
    {
        var workbook = Workbook.Load();
        Assert.NotEmpty(workbook.Queries);
        Assert.NotEmpty(InfraFiles.AlertQueries());
        return workbook.Queries.Select(query => KeyValuePair.Create($"workbook: {query.Name}", workbook.Substitute(query.Text)))
            .Concat(InfraFiles.AlertQueries())
            .ToDictionary();
    }

    private static async Task<IEnumerable<string>> ProblemsAsync(Func<KqlReading, IEnumerable<string>> problems) =>
        (await Readings.Value).SelectMany(query => problems(query.Value).Select(problem => $"{query.Key}: {problem}"));
}
