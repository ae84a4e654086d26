using System.Globalization;
using NCrontab;
using Presence.Core.Costs;
using Presence.Core.Options;

namespace Presence.Tests.Infra;

/// <summary>What docs/costs.md says is what its formula gives over its own constants.</summary>
public sealed class CostTests
{
    private static readonly double[] Sizes = [0, 1_000, 10_000, 100_000];

    /// <summary>A message to a group is two calls, each to a part of those who listen: with times, and without.</summary>
    private const double CallsForMany = 2;

    private readonly CostDocument _document = CostDocument.Read();

    [Fact]
    public void TheMonthlyCostsAreThoseOfTheFormula()
    {
        var model = new CostModel(_document.Constants);

        AssertSays("## Results", Sizes.Select(users => Row(users, model.Of(users))));
    }

    [Fact]
    public void TheSavingsOfTheThrottleAreThoseOfTheFormula()
    {
        var model = new CostModel(_document.Constants);

        AssertSays("## What the throttle saves", Sizes.Skip(1).Select(users => string.Join(
            " | ",
            Whole(users),
            Whole(model.TableRequests(users)),
            Whole(model.TableRequestsWithoutThrottle(users)),
            Whole((1 - model.RecordedShare) * 100) + " %")));
    }

    [Fact]
    public void TheEffectOfEachLeverIsThatOfTheFormula() => AssertSays("## Levers", _document.TableAfter("## Levers").Select(row =>
    {
        var (name, value) = row.Split(" | ") is [var first, var second, ..] ? (first, second) : default;
        var constants = new Dictionary<string, double>(_document.Constants) { [name] = double.Parse(value, CultureInfo.InvariantCulture) };
        var (before, after) = (new CostModel(_document.Constants).Of(10_000).Total, new CostModel(constants).Of(10_000).Total);
        return string.Join(" | ", name, value, Whole(before), Whole(after), row.Split(" | ")[^1]);
    }));

    [Fact]
    public void TheReadmeTellsTheSameTotals()
    {
        var model = new CostModel(_document.Constants);
        var readme = Repository.Read("README.md");
        var told = readme[readme.IndexOf("**What it costs**", StringComparison.Ordinal)..];
        told = told[..told.IndexOf("docs/costs.md", StringComparison.Ordinal)];

        Assert.All(Sizes, users => Assert.Contains($" {Whole(model.Of(users).Total)} ", told.ReplaceLineEndings(" "), StringComparison.Ordinal));
    }

    [Fact]
    public void TheCostPerUserStaysFlat()
    {
        var model = new CostModel(_document.Constants);
        var perUser = Sizes.Skip(1).Select(users => model.Of(users).Total / users).ToList();

        Assert.True(perUser[0] > perUser[1] && perUser[1] > perUser[2] * 0.95, string.Join(" ", perUser));
    }

    [Fact]
    public void TheConstantsOfTheSystemAreItsDefaults()
    {
        var options = new PresenceOptions();

        Assert.Equal(
            (options.ShardCount, options.RecordWindow.TotalSeconds, options.ConnectionCheckAfter.TotalSeconds),
            ((int)_document.Constants["shards"], _document.Constants["window"], _document.Constants["checkEvery"]));
        Assert.Equal(Interval(options.SweepSchedule), _document.Constants["sweepEvery"]);
        Assert.Equal(Interval(options.CensusSchedule), _document.Constants["censusEvery"]);
        Assert.Equal(Interval(options.WebhookSchedule), _document.Constants["webhookEvery"]);
        Assert.Equal(Interval(options.TruthSchedule), _document.Constants["truthEvery"]);
    }

    [Fact]
    public void TheForecastOfTheSystemHasThesePrices()
    {
        var (prices, constants) = (new PricesOptions(), _document.Constants);

        Assert.Equal(
            [
                constants["executionsPrice"], constants["freeExecutions"], constants["gbSecondPrice"], constants["freeGbSeconds"], constants["tablePrice"],
                constants["unitPrice"], constants["unitConnections"], constants["includedMessages"], constants["messagesPrice"], constants["logsPrice"],
                constants["freeLogs"], constants["memory"], constants["perInstance"], constants["listeners"], constants["traces"],
            ],
            [
                prices.Executions, prices.FreeExecutions, prices.ComputeTime, prices.FreeComputeTime, prices.TableRequests, prices.Unit, prices.UnitConnections,
                prices.IncludedMessages, prices.Messages, prices.Logs, prices.FreeLogs, prices.InstanceMemory, prices.InstanceThroughput, prices.Listeners,
                prices.Traces,
            ]);
    }

    /// <summary>From what a month counts, the system makes the bill that this page makes.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    [InlineData(10_000)]
    [InlineData(100_000)]
    public void TheForecastOfTheSystemIsThatOfTheFormula(double users)
    {
        var (model, constants, prices) = (new CostModel(_document.Constants), _document.Constants, new PricesOptions());
        var (month, sessions) = (constants["month"], model.Sessions(users));
        var none = new UsageCounts(0, 0, 0, 0, 0, 0);
        var counts = new UsageCounts(
            month * ((users / constants["callEvery"] / constants["tells"]) + (3 * sessions)),
            month * ((1 / constants["sweepEvery"]) + (1 / constants["censusEvery"]) + (1 / constants["truthEvery"]) + (1 / constants["webhookEvery"])),
            month * model.TableRequests(users),
            month * sessions * constants["changes"] * CallsForMany,
            month * sessions,
            month * sessions);

        var used = counts.Since(none, month, (long)users, new() { Prices = prices });

        Assert.Equal(model.Of(users).Total, Bill.Of(Bill.Billed(new(default, month, used), prices), 1, prices), 0.02);
    }

    private void AssertSays(string heading, IEnumerable<string> rows) => _document.MustSay(heading, rows);

    private static double Interval(string schedule)
    {
        var next = CrontabSchedule.Parse(schedule, new() { IncludingSeconds = true }).GetNextOccurrences(new(2030, 1, 1), new(2030, 1, 2)).Take(2).ToList();
        return (next[1] - next[0]).TotalSeconds;
    }

    private static string Row(double users, CostModel.Month month) => string.Join(
        " | ",
        users == 0 ? "at rest" : Whole(users),
        Whole(month.Executions),
        Whole(month.ComputeTime),
        Whole(month.Table),
        Whole(month.Units),
        Whole(month.Messages),
        Whole(month.Logs),
        Whole(month.Fixed),
        $"**{Whole(month.Total)}**",
        users == 0 ? "" : (month.Total / users).ToString("0.00", CultureInfo.InvariantCulture));

    private static string Whole(double value) => Math.Round(value, MidpointRounding.AwayFromZero).ToString("N0", CultureInfo.InvariantCulture);
}
