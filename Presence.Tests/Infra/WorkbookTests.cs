using System.Text.Json;

namespace Presence.Tests.Infra;

public class WorkbookTests
{
    private static readonly Workbook Workbook = Workbook.Load();

    [Theory]
    [MemberData(nameof(Subject.Names), MemberType = typeof(Subject))]
    public void ItShowsWhatAnOperatorNeeds(string what)
    {
        var subject = Subject.Of(what);
        var query = Assert.Single(Workbook.Queries, query => query.Name == subject.WorkbookQuery);
        Assert.Contains($"'{subject.Metric}'", query.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ItIsAGalleryTemplate()
    {
        Assert.Equal("Notebook/1.0", Workbook.Root.GetProperty("version").GetString());
        Assert.Distinct(Workbook.Items.Select(item => item.GetProperty("name").GetString()));
        Assert.All(Workbook.Items, item => Assert.Contains(Workbook.Kind(item), (int[])[1, 3, 9]));
        Assert.Equal(Workbook.Queries.Count(), Workbook.Items.Count(item => Workbook.Kind(item) == 3));
    }

    [Fact]
    public void EveryPanelSaysWhatItShowsAndInWhichUnit() => Assert.All(Workbook.Queries, query =>
    {
        Assert.False(string.IsNullOrWhiteSpace(query.Title));
        Assert.False(string.IsNullOrWhiteSpace(query.Unit), query.Title);
        Assert.StartsWith("// ", query.Text, StringComparison.Ordinal);
    });

    [Fact]
    public void ItAsksTheWorkspaceItBelongsTo()
    {
        Assert.All(Workbook.Queries.Select(query => query.Content), content =>
        {
            Assert.Equal("KqlItem/1.0", content.GetProperty("version").GetString());
            Assert.Equal(0, content.GetProperty("queryType").GetInt32());
            Assert.Equal("microsoft.operationalinsights/workspaces", content.GetProperty("resourceType").GetString());
            Assert.False(content.TryGetProperty("crossComponentResources", out _));
        });
        Assert.DoesNotContain("/subscriptions/", Workbook.Root.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void EveryPanelFollowsTheTimeRange()
    {
        var range = Assert.Single(Workbook.Parameters, parameter => parameter.GetProperty("type").GetInt32() == 4);
        Assert.Equal(Workbook.TimeRange, range.GetProperty("name").GetString());
        Assert.All(Workbook.Queries, query => Assert.Equal(Workbook.TimeRange, query.Content.GetProperty("timeContextFromParameter").GetString()));
    }

    [Fact]
    public void ParametersAreDistinctAndPricesSayTheirUnit()
    {
        Assert.Distinct(Workbook.Parameters.Select(parameter => parameter.GetProperty("id").GetString()));
        Assert.Distinct(Workbook.Parameters.Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.All(
            Workbook.Parameters.Where(parameter => parameter.GetProperty("name").GetString()!.EndsWith("Price", StringComparison.Ordinal)),
            price => Assert.Contains("(USD per ", price.GetProperty("label").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public void EveryParameterIsUsedAndEveryOneUsedExists()
    {
        var queries = Workbook.Queries.Select(query => query.Text).ToList();
        Assert.All(Workbook.Parameters.Select(parameter => parameter.GetProperty("name").GetString()!), name =>
            Assert.Contains(queries, query => query.Contains($"{{{name}", StringComparison.Ordinal)));
        Assert.All(queries, query => Assert.DoesNotContain('{', Workbook.Substitute(query)));
    }

    [Fact]
    public async Task FormatsAreOfColumnsThatExist()
    {
        var readings = await QueryParser.ReadKqlAsync(Workbook.Queries.ToDictionary(query => query.Name, query => Workbook.Substitute(query.Text)));
        Assert.All(Workbook.Queries, query => Assert.All(FormattedColumns(query.Content), column => Assert.Contains(column, readings[query.Name].Columns)));
    }

    [Theory]
    [InlineData("Failed updates in 5 minutes, most", "> 10")]
    [InlineData("Throttle rate", "< 80")]
    [InlineData("Slowest sweep", "> 15")]
    [InlineData("Throttle entries of one instance, most", "> 5000")]
    [InlineData("Last minute with a sweep, age", "> 600")]
    [InlineData("Latest announcement", "> 15")]
    [InlineData("Announcements held for 10 minutes by an instance, most", "> 0")]
    [InlineData("Storage requests throttled in 5 minutes, most", "> 10")]
    [InlineData("SignalR requests failed in 5 minutes, most", "> 10")]
    [InlineData("Unreadable rows passed over in 15 minutes, most", "> 0")]
    [InlineData("Users shown wrongly, of a thousand checked, most", "> 1")]
    [InlineData("Step of economy, highest", "> 0")]
    public void LimitsAreThoseOfTheAlerts(string measure, string limit)
    {
        var limits = Assert.Single(Workbook.Queries, query => query.Name == "limits").Text.Split("union")[1].Split("(AppMetrics");
        var part = Assert.Single(limits, part => part.Contains($"Measure = '{measure}'", StringComparison.Ordinal));
        Assert.Contains($"Limit = '{limit}'", part, StringComparison.Ordinal);
        Assert.Contains($"Value {limit}", part, StringComparison.Ordinal);
    }

    private static IEnumerable<string> FormattedColumns(JsonElement of) => of.ValueKind switch
    {
        JsonValueKind.Object => of.EnumerateObject().SelectMany(property =>
            property.Name == "columnMatch" ? [property.Value.GetString()!] : FormattedColumns(property.Value)),
        JsonValueKind.Array => of.EnumerateArray().SelectMany(FormattedColumns),
        _ => [],
    };
}
