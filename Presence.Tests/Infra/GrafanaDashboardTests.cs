using System.Text.Json;
using Presence.Core.Metrics;

namespace Presence.Tests.Infra;

public class GrafanaDashboardTests
{
    private static readonly GrafanaDashboard Dashboard = GrafanaDashboard.Load();

    [Theory]
    [MemberData(nameof(Subject.Names), MemberType = typeof(Subject))]
    public void ItShowsWhatAnOperatorNeeds(string what)
    {
        var subject = Subject.Of(what);
        var panel = Assert.Single(Dashboard.Panels, panel => panel.Title == subject.GrafanaPanel);
        var series = PrometheusText.NameOf(MetricCatalogue.ByName[subject.PrometheusMetric ?? subject.Metric]);
        Assert.Contains(panel.Targets, target => target.GetProperty("expr").GetString()!.Contains(series, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryPanelHasItsOwnId() => Assert.Distinct(Dashboard.Panels.Select(panel => panel.Id));

    [Fact]
    public void PanelsLieSideBySideInTheGrid()
    {
        Assert.All(Dashboard.Panels, panel => Assert.InRange(panel.Place.X + panel.Place.Width, 1, 24));
        Assert.All(Dashboard.Panels, panel => Assert.DoesNotContain(Dashboard.Panels, other => other.Id != panel.Id && panel.Overlaps(other)));
    }

    [Fact]
    public void EveryPanelSaysWhatItShowsAndInWhichUnit()
    {
        Assert.All(Dashboard.Panels, panel => Assert.False(string.IsNullOrWhiteSpace(panel.Title)));
        Assert.All(Dashboard.Panels.Where(panel => panel.Type != "row"), panel => Assert.False(string.IsNullOrWhiteSpace(panel.Description), panel.Title));
        Assert.All(Dashboard.Panels.Where(panel => panel.HasQueries), panel => Assert.False(string.IsNullOrWhiteSpace(panel.Unit), panel.Title));
    }

    [Fact]
    public void ItCanBeImportedAnywhere()
    {
        Assert.Equal(JsonValueKind.Null, Dashboard.Root.GetProperty("id").ValueKind);
        Assert.Equal(JsonValueKind.Null, Dashboard.Root.GetProperty("uid").ValueKind);
        Assert.InRange(Dashboard.Root.GetProperty("schemaVersion").GetInt32(), 37, 41);
        var source = Assert.Single(Dashboard.Variables, variable => variable.GetProperty("type").GetString() == "datasource");
        Assert.Equal("prometheus", source.GetProperty("query").GetString());
        Assert.All(Sources(Dashboard.Root), used =>
        {
            Assert.Equal("prometheus", used.GetProperty("type").GetString());
            Assert.Equal($"${{{source.GetProperty("name").GetString()}}}", used.GetProperty("uid").GetString());
        });
        Assert.All(Dashboard.Panels.Where(panel => panel.HasQueries).SelectMany(panel => panel.Targets.Prepend(panel.Json)), asks =>
            Assert.True(asks.TryGetProperty("datasource", out _)));
    }

    [Fact]
    public void TheJobIsChosenAmongThoseThatHaveTheMetrics()
    {
        var job = Assert.Single(Dashboard.Variables, variable => variable.GetProperty("type").GetString() == "query");
        Assert.Equal($"label_values({PrometheusText.NameOf(MetricCatalogue.Instances)}, job)", job.GetProperty("definition").GetString());
        Assert.Equal(job.GetProperty("definition").GetString(), job.GetProperty("query").GetProperty("query").GetString());
    }

    [Fact]
    public void EveryPriceSaysItsUnit() => Assert.All(
        Dashboard.Variables.Where(variable => variable.GetProperty("name").GetString()!.EndsWith("_price", StringComparison.Ordinal)),
        price => Assert.Contains("USD per ", price.GetProperty("label").GetString(), StringComparison.Ordinal));

    [Theory]
    [InlineData("Failed updates", 10)]
    [InlineData("Storage failed or throttled", 10)]
    [InlineData("SignalR failed", 10)]
    [InlineData("Unreadable rows", 1)]
    [InlineData("Webhooks interrupted", 1)]
    [InlineData("Truth rate", 99.9)]
    [InlineData("Economy", 1)]
    [InlineData("Announcement delay", 15)]
    [InlineData("Announcements pending", 1)]
    [InlineData("Throttle rate", 80)]
    [InlineData("Throttle rate over time", 80)]
    [InlineData("Last sweep, age", 60)]
    [InlineData("Age of the last sweep", 60)]
    [InlineData("Sweep duration", 15)]
    [InlineData("Throttle entries", 5000)]
    public void ThresholdsAreThoseOfTheAlerts(string title, double threshold) =>
        Assert.Contains(threshold, Assert.Single(Dashboard.Panels, panel => panel.Title == title).Thresholds);

    private static IEnumerable<JsonElement> Sources(JsonElement of) => of.ValueKind switch
    {
        JsonValueKind.Object => of.EnumerateObject().SelectMany(property =>
            property.Name == "datasource" ? [property.Value] : Sources(property.Value)),
        JsonValueKind.Array => of.EnumerateArray().SelectMany(Sources),
        _ => [],
    };
}
