using System.Globalization;
using NCrontab;
using Presence.Core.Options;

namespace Presence.Tests.Infra;

/// <summary>What docs/costs.md says is what its formula gives over its own constants.</summary>
public sealed class CostTests
{
    private static readonly double[] Sizes = [0, 1_000, 10_000, 100_000];

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
