using System.Text.Json.Nodes;

namespace Presence.Tests.Infra;

public class AlertTests(CompiledInfra infra)
{
    private const string ActionGroup = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/ops/providers/Microsoft.Insights/actionGroups/ops";

    private static readonly Dictionary<string, string> OtherThresholds = new()
    {
        ["PRESENCE_ACTION_GROUP_IDS"] = $"[\"{ActionGroup}\"]",
        ["PRESENCE_ALERT_THROTTLE_RATE_PERCENT"] = "60",
        ["PRESENCE_ALERT_THROTTLE_CACHE_ENTRIES"] = "9000",
        ["PRESENCE_ALERT_SWEEP_INTERVAL_SECONDS"] = "30",
        ["PRESENCE_ALERT_ANNOUNCEMENT_DELAY_SECONDS"] = "45",
    };

    /// <summary>Critical: severity 0 and 1. Warning: 2.</summary>
    public static TheoryData<string, string, int, string> LogAlerts => new()
    {
        { "maintenance-inactive", "Maintenance inactive", 0, "Total of Sweeps LessThan 1 in PT10M" },
        { "failed-updates", "Failed updates", 1, "Total of Failed GreaterThan 10 in PT5M" },
        { "throttle-rate", "Throttle rate low", 2, "Minimum of ThrottleRate LessThan 80 in PT15M" },
        { "throttle-cache", "Throttle cache large", 2, "Maximum of Entries GreaterThan 5000 in PT5M by AppRoleInstance" },
        { "sweep-duration", "Sweep slow", 2, "Maximum of Seconds GreaterThan 15 in PT5M" },
        { "announcement-backlog", "Announcement backlog", 2, "Maximum of Pending GreaterThan 0 in PT10M by AppRoleInstance" },
        { "announcement-delay", "Announcements late", 2, "Maximum of Seconds GreaterThan 15 in PT5M" },
        { "unreadable-rows", "Unreadable rows", 2, "Total of Rows GreaterThan 0 in PT15M" },
        { "webhooks-interrupted", "Webhooks interrupted", 2, "Total of Webhooks GreaterThan 0 in PT15M" },
        { "truth-rate", "Truth rate low", 1, "Maximum of WrongPerThousand GreaterThan 1 in P1D" },
        { "economy", "Budget short", 2, "Maximum of Step GreaterThan 0 in PT15M" },
        { "signalr-requests", "SignalR requests failing", 2, "Total of Failed GreaterThan 10 in PT5M" },
    };

    public static TheoryData<string, string, string, string> MetricAlerts => new()
    {
        {
            "storage-throttling", "Storage throttling", "Microsoft.Storage/storageAccounts/tableServices", "Total of Transactions GreaterThan 10 in PT5M"
        },
        {
            "signalr-connections", "SignalR connections near the limit", "Microsoft.SignalRService/SignalR",
            "Maximum of ConnectionQuotaUtilization GreaterThan 80 in PT5M"
        },
        { "signalr-load", "SignalR Service overloaded", "Microsoft.SignalRService/SignalR", "Maximum of ServerLoad GreaterThan 70 in PT5M" },
    };

    private IEnumerable<JsonObject> Rules => infra.Snapshot.OfType("Microsoft.Insights/scheduledQueryRules");

    private IEnumerable<JsonObject> MetricRules => infra.Snapshot.OfType("Microsoft.Insights/metricAlerts");

    [Fact]
    public void TheseAreAllTheAlerts()
    {
        Assert.Equal(LogAlerts.Select(a => a.Data.Item1).Order(), Rules.Select(ShortName).Order());
        Assert.Equal(MetricAlerts.Select(a => a.Data.Item1).Order(), MetricRules.Select(ShortName).Order());
    }

    [Theory]
    [MemberData(nameof(LogAlerts))]
    public void ALogAlertFiresWhenItShould(string name, string title, int severity, string condition)
    {
        var rule = Properties(Rules, name);

        Assert.Equal(title, rule["displayName"]!.GetValue<string>());
        Assert.Equal(severity, rule["severity"]!.GetValue<int>());
        Assert.Equal(condition, ConditionOf(rule));
        Assert.Equal(File.ReadAllText(QueryPath(name)), Criterion(rule)["query"]!.GetValue<string>());
        Assert.Contains($"{Criterion(rule)["metricMeasureColumn"]} = ", Criterion(rule)["query"]!.GetValue<string>(), StringComparison.Ordinal);
        AssertIsOn(rule, title);
    }

    [Theory]
    [MemberData(nameof(MetricAlerts))]
    public void AMetricAlertFiresWhenItShould(string name, string title, string source, string condition)
    {
        var rule = Properties(MetricRules, name);
        var criterion = Criterion(rule);

        Assert.Equal(2, rule["severity"]!.GetValue<int>());
        Assert.Equal(source, criterion["metricNamespace"]!.GetValue<string>());
        Assert.Equal(condition, ConditionOf(rule));
        var scope = Assert.Single(rule["scopes"]!.AsArray())!.GetValue<string>();
        Assert.Contains($"/providers/{source.Split('/')[0]}/", scope, StringComparison.Ordinal);
        AssertIsOn(rule, title);
    }

    [Fact]
    public void StorageThrottlingIsToldByItsResponseTypes()
    {
        var rule = Properties(MetricRules, "storage-throttling");
        var dimension = Assert.Single(Criterion(rule)["dimensions"]!.AsArray())!;

        Assert.EndsWith("/tableServices/default", rule["scopes"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("ResponseType", dimension["name"]!.GetValue<string>());
        Assert.Equal(
            [
                "ClientAccountBandwidthThrottlingError", "ClientAccountRequestThrottlingError", "ClientThrottlingError", "ServerBusyError",
                "SuccessWithThrottling",
            ],
            dimension["values"]!.AsArray().Select(v => v!.GetValue<string>()));
    }

    [Fact]
    public void EachStorageAccountHasItsOwn()
    {
        var snapshot = infra.SnapshotWith(new Dictionary<string, string> { ["PRESENCE_STORAGE_ACCOUNT_COUNT"] = "3" });
        var rules = snapshot.OfType("Microsoft.Insights/metricAlerts").Where(r => ShortName(r).StartsWith("storage-throttling", StringComparison.Ordinal)).ToList();

        Assert.Equal(["storage-throttling", "storage-throttling-2", "storage-throttling-3"], rules.Select(ShortName));
        Assert.Equal(
            snapshot.OfType("Microsoft.Storage/storageAccounts").Select(a => a["name"]!.GetValue<string>()),
            rules.Select(r => r["properties"]!["scopes"]![0]!.GetValue<string>().Split('/')[^3]));
        Assert.Single(rules.Select(r => Criterion(r["properties"]!).ToJsonString()).Distinct());
    }

    [Fact]
    public void InactiveMaintenanceIsToldWithoutAnyData()
    {
        var query = File.ReadAllText(QueryPath("maintenance-inactive"));

        // A summary without groups has one row whatever it finds, and that row counts zero.
        Assert.Matches(@"summarize Sweeps = coalesce\(sum\(ItemCount\), 0\)\s*$", query);
        Assert.True(Properties(Rules, "maintenance-inactive")["skipQueryValidation"]!.GetValue<bool>());
    }

    [Fact]
    public void TheThrottleRateIsJudgedByAHundredCallsAtLeast() =>
        Assert.Contains("| where Calls >= 100\n", File.ReadAllText(QueryPath("throttle-rate")), StringComparison.Ordinal);

    [Fact]
    public void TheTruthRateIsJudgedByADayWhereSixHoursHaveTooFewChecksAndByTwoWhoAreWrongAtLeast()
    {
        var query = File.ReadAllText(QueryPath("truth-rate"));

        Assert.Contains("All = iff(LateAll >= 1000, LateAll, All), Wrong = iff(LateAll >= 1000, LateWrong, Wrong)\n", query, StringComparison.Ordinal);
        Assert.Contains("| where Wrong >= 2\n", query, StringComparison.Ordinal);
        Assert.Contains("tostring(Properties.outcome) in ('right', 'wrong')\n", query, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryQueryIsUsed() =>
        Assert.Equal(InfraFiles.AlertQueries().Keys.Order(), LogAlerts.Select(a => a.Data.Item1 + ".kql").Order());

    [Fact]
    public void ThresholdsAndActionGroupsAreParameters()
    {
        var changed = infra.SnapshotWith(OtherThresholds);
        var rules = changed.OfType("Microsoft.Insights/scheduledQueryRules").ToList();

        Assert.Contains("LessThan 60 ", ConditionOf(Properties(rules, "throttle-rate")), StringComparison.Ordinal);
        Assert.Contains("GreaterThan 9000 ", ConditionOf(Properties(rules, "throttle-cache")), StringComparison.Ordinal);
        Assert.Contains("GreaterThan 30 ", ConditionOf(Properties(rules, "sweep-duration")), StringComparison.Ordinal);
        Assert.Contains("GreaterThan 45 ", ConditionOf(Properties(rules, "announcement-delay")), StringComparison.Ordinal);
        Assert.All(rules, r => Assert.Equal(ActionGroup, Assert.Single(r["properties"]!["actions"]!["actionGroups"]!.AsArray())!.GetValue<string>()));
        Assert.All(
            changed.OfType("Microsoft.Insights/metricAlerts"),
            r => Assert.Equal(ActionGroup, Assert.Single(r["properties"]!["actions"]!.AsArray())!["actionGroupId"]!.GetValue<string>()));
    }

    [Fact]
    public void TheRunbookHasAHeadingForEachAlert()
    {
        var headings = File.ReadAllLines(Repository.PathOf("docs", "operations.md"))
            .Where(l => l.StartsWith('#')).Select(l => l.TrimStart('#').Trim()).ToList();

        Assert.All([.. LogAlerts.Select(a => a.Data.Item2), .. MetricAlerts.Select(a => a.Data.Item2)], title => Assert.Contains(title, headings));
    }

    private static void AssertIsOn(JsonNode rule, string title)
    {
        Assert.True(rule["enabled"]!.GetValue<bool>());
        Assert.True(rule["autoMitigate"]!.GetValue<bool>());
        Assert.EndsWith($". See \"{title}\" in docs/operations.md.", rule["description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static string ConditionOf(JsonNode rule)
    {
        var criterion = Criterion(rule);
        var instances = criterion["dimensions"]!.AsArray().Select(d => d!["name"]!.GetValue<string>()).Where(n => n == "AppRoleInstance");
        return $"{criterion["timeAggregation"]} of {criterion["metricMeasureColumn"] ?? criterion["metricName"]} "
            + $"{criterion["operator"]} {criterion["threshold"]} in {rule["windowSize"]}{string.Concat(instances.Select(n => " by " + n))}";
    }

    private static JsonNode Criterion(JsonNode rule) => Assert.Single(rule["criteria"]!["allOf"]!.AsArray())!;

    private static JsonNode Properties(IEnumerable<JsonObject> rules, string name) => Assert.Single(rules, r => ShortName(r) == name)["properties"]!;

    /// <summary>The name without the prefix and the token of the deployment.</summary>
    private static string ShortName(JsonObject rule) => string.Join('-', rule["name"]!.GetValue<string>().Split('-')[2..]);

    private static string QueryPath(string name) => Path.Combine(Bicep.InfraPath, "alerts", name + ".kql");
}
