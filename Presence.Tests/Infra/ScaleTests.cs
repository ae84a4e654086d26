using System.Globalization;
using System.Text.RegularExpressions;
using Presence.Core.Options;

namespace Presence.Tests.Infra;

/// <summary>What docs/scale.md says is what its simulation gives over the constants of that page and of docs/costs.md.</summary>
public sealed partial class ScaleTests
{
    private static readonly double[] Sizes = [10_000, 100_000, 1_000_000, 3_000_000, 10_000_000];
    private static readonly double[] Accounts = [1, 2, 4, 8];
    private static readonly double[] Shards = [16, 64, 256];

    private readonly CostDocument _document = CostDocument.Read("scale.md");
    private readonly Dictionary<string, double> _constants;
    private readonly ScaleModel _model;

    public ScaleTests()
    {
        _constants = CostDocument.Read().Constants.Concat(_document.Constants).ToDictionary();
        _model = new(_constants);
    }

    [Fact]
    public void TheSteadyLoadIsThatOfTheSimulation() => _document.MustSay("## In the course of a day", Sizes.Select(users => Row(
        Whole(users),
        Whole(_model.Requests(users)),
        PerAccount(_model.Requests(users), users),
        Each(Shards, shards => _model.Changed(("shards", shards)).RowsOfPartition(users)),
        SignalR(users),
        Whole(_model.Instances(users)),
        Whole(_model.Price(users)),
        Most(users, isBurst: false))));

    [Fact]
    public void TheLoadAtNineIsThatOfTheSimulation() => _document.MustSay("## At nine o'clock", Sizes.Select(users => Row(
        Whole(users),
        Whole(_model.Coming(users)),
        Whole(_model.BurstRequests(users)),
        PerAccount(_model.BurstRequests(users), users),
        Each(Shards, shards => _model.Changed(("shards", shards)).BurstRowsOfPartition(users)),
        Whole(_model.BurstInstances(users)),
        Most(users, isBurst: true))));

    [Fact]
    public void TheReachOfEachLimitIsThatOfTheSimulation() => _document.MustSay("## Where each limit is reached", _document.TableAfter("## Where each limit is reached").Select(row =>
    {
        var cells = row.Split(" | ");
        var name = cells[0];
        return Row(
            name,
            Users(users => Share(AsDeployed(users), name)),
            Users(users => Share(AtMost(users, isBurst: false), name)),
            Users(users => Share(AtMost(users, isBurst: true), name)),
            cells[^1]);
    }));

    [Fact]
    public void TheEffectOfEachChangeIsThatOfTheSimulation() => _document.MustSay("## What moves it", _document.TableAfter("## What moves it").Select(row =>
    {
        var cells = row.Split(" | ");
        var changes = Assignment().Matches(cells[1]).Select(m => (m.Groups[1].Value, double.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture))).ToArray();
        Assert.NotEmpty(changes);
        var changed = _model.Changed(changes);
        return Row(
            cells[0],
            cells[1],
            Change(model => model.Requests(1_000_000)),
            Change(model => model.Changed(("shards", 256)).BurstRowsOfPartition(1_000_000)),
            Change(model => model.Instances(1_000_000)),
            Change(model => model.Price(1_000_000)));

        string Change(Func<ScaleModel, double> of) => $"{Whole(of(_model))} → {Whole(of(changed))}";
    }));

    [Fact]
    public void WhatShardsCostIsThatOfTheSimulation() => _document.MustSay("## What shards cost", Shards.Select(shards =>
    {
        var (model, perSecond) = (_model.Changed(("shards", shards)), (shards + 1) / _constants["sweepEvery"]);
        return Row(
            Whole(shards),
            Whole(shards + 1),
            perSecond.ToString("0.0", CultureInfo.InvariantCulture),
            (perSecond * _constants["month"] / 10_000 * _constants["tablePrice"]).ToString("0.00", CultureInfo.InvariantCulture),
            Whole(_constants["rosterRequests"] + (_constants["rosterShardRequests"] * shards)),
            Each([100_000, 1_000_000, 10_000_000], model.LookedThrough));
    }));

    [Fact]
    public void TheDueOfASweepAreThoseOfTheSimulation() => _document.MustSay("## Sweeps", Sizes.Select(users => Row(
        Whole(users),
        Whole(_model.DuePerSweep(users)),
        Whole(_model.DuePerSweep(users) / _constants["sweepEvery"]),
        Whole(2 * _model.DuePerSweep(users) / _constants["together"]))));

    [Fact]
    public void TheLimitsAreThoseOfTheSettings()
    {
        Assert.Equal(FurtherAccounts.Most, (int)_constants["mostAccounts"]);
        Assert.Equal(new PresenceOptions().ShardCount, (int)_constants["shards"]);
        Assert.Empty(new PresenceOptionsValidator().Validate(null, Core.Some.Settings(o => o.ShardCount = (int)_constants["mostShards"])).Failures ?? []);
        Assert.NotEmpty(new PresenceOptionsValidator().Validate(null, Core.Some.Settings(o => o.ShardCount = (int)_constants["mostShards"] + 1)).Failures!);
    }

    /// <summary>A system as it is deployed when nothing is set but what the units must be.</summary>
    private IReadOnlyList<ScaleModel.Load> AsDeployed(double users) =>
        _model.Loads(users, accounts: 1, _constants["standardUnits"], _constants["defaultInstances"], isBurst: false);

    private IReadOnlyList<ScaleModel.Load> AtMost(double users, bool isBurst) => Enumerable.MinBy(
        Shards.Select(shards => _model.Changed(("shards", shards))
            .Loads(users, _constants["mostAccounts"], _constants["premiumUnits"], _constants["mostInstances"], isBurst)),
        loads => loads.Max(load => load.Share))!;

    private static double Share(IReadOnlyList<ScaleModel.Load> loads, string name) => loads.Single(load => load.Name == name).Share;

    /// <summary>The most users with whom a share is no more than all.</summary>
    private static string Users(Func<double, double> share)
    {
        var (least, most) = (0L, 1_000_000_000L);
        while (most - least > 1)
        {
            var middle = (least + most) / 2;
            (least, most) = share(middle) <= 1 ? (middle, most) : (least, middle);
        }

        // Two digits: the assumptions are no better.
        var digit = Math.Pow(10, Math.Floor(Math.Log10(least)) - 1);
        return Whole(Math.Floor(least / digit) * digit);
    }

    private string Most(double users, bool isBurst)
    {
        var most = AtMost(users, isBurst).MaxBy(load => load.Share);
        var text = $"{most.Name} {Whole(most.Share * 100)} %";
        return most.Share > 1 ? $"**{text}**" : text;
    }

    private string PerAccount(double requests, double users) =>
        Each(Accounts, accounts => ScaleModel.OfAccount(requests, _model.Reports(users), accounts));

    private string SignalR(double users) => (_model.IsPremium(users), _model.Services(users)) switch
    {
        (false, _) => $"{Whole(_model.Units(users))} S1",
        (true, 1) => $"{Whole(_model.Units(users))} P2",
        (true, var services) => $"{Whole(services)} × {Whole(_model.Units(users) / services)} P2",
    };

    private static string Each(double[] of, Func<double, double> value) => string.Join(" / ", of.Select(one => Whole(value(one))));

    private static string Row(params string[] cells) => string.Join(" | ", cells);

    private static string Whole(double value) => Math.Round(value, MidpointRounding.AwayFromZero).ToString("N0", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"`(\w+)` ([\d.]+)")]
    private static partial Regex Assignment();
}
