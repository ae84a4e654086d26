using System.Text.RegularExpressions;
using Presence.Core.Metrics;
using Presence.Core.Options;

namespace Presence.Tests.Infra;

/// <summary>What docs/operations.md names is there.</summary>
public sealed partial class OperationsTests
{
    private readonly string _text = File.ReadAllText(Repository.PathOf("docs", "operations.md"));

    [Fact]
    public void EveryMetricOfAQueryExists() => AssertAll(
        QueriedMetric().Matches(_text).Select(m => m.Groups[1].Value), MetricCatalogue.ByName.ContainsKey);

    [Fact]
    public void EveryMetricOfPrometheusExists()
    {
        var known = MetricCatalogue.All.Select(m => m.Name.Replace('.', '_')).ToList();

        AssertAll(PrometheusMetric().Matches(_text).Select(m => m.Value), name => known.Exists(k => name == k || name == k + "_total" || name == k + "_seconds"));
    }

    [Fact]
    public void EverySettingExists() => AssertAll(
        Setting().Matches(_text).Select(m => m.Groups[1].Value), name => typeof(PresenceOptions).GetProperty(name) is not null);

    [Fact]
    public void EveryLinkWithinThePageHasItsHeading()
    {
        var headings = Heading().Matches(_text).Select(m => m.Groups[1].Value.ToLowerInvariant().Replace(",", "", StringComparison.Ordinal).Replace(' ', '-'));

        AssertAll(Link().Matches(_text).Select(m => m.Groups[1].Value), headings.ToHashSet().Contains);
    }

    private static void AssertAll(IEnumerable<string> named, Func<string, bool> exists)
    {
        var names = named.Distinct().ToList();
        Assert.NotEmpty(names);
        Assert.DoesNotContain(names, name => !exists(name));
    }

    [GeneratedRegex(@"'(presence\.[a-z_.]+)'")]
    private static partial Regex QueriedMetric();

    [GeneratedRegex(@"\bpresence_[a-z_]+")]
    private static partial Regex PrometheusMetric();

    [GeneratedRegex(@"\bPresence(?:__|:)([A-Z][A-Za-z]+)")]
    private static partial Regex Setting();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\(#([^)]+)\)")]
    private static partial Regex Link();
}
