using Presence.Core.Budgets;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Stats;
using Presence.Core.TableStorage;
using Presence.Tests.Core.TableStorage;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Budgets;

public sealed class BudgetGovernorTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task ATinyBudgetGoesThroughTheStepsAndBack()
    {
        var instance = Governed(100);
        var steps = new List<Economy>();

        // Three units for two days, then one: 1.61 USD a day and unit.
        await RunForAsync(instance, TimeSpan.FromDays(2), users: 3000, steps);
        Assert.Equal([Economy.Normal, Economy.Thrifty, Economy.Frugal, Economy.Austere], steps.Distinct());
        Assert.Equal(Seconds(150), instance.Get<SettingsInForce>().Value.RecordEvery);

        steps.Clear();
        await RunForAsync(instance, TimeSpan.FromDays(20), users: 1000, steps);
        Assert.Equal([Economy.Austere, Economy.Frugal, Economy.Thrifty, Economy.Normal], steps.Distinct());
        Assert.Equal(Seconds(60), instance.Get<SettingsInForce>().Value.RecordEvery);
    }

    [Fact]
    public async Task AtTheTurnOfTheMonthTheStepIsUndone()
    {
        var instance = Governed(10);
        Clock.Advance(TimeSpan.FromDays(28));
        await RunForAsync(instance, TimeSpan.FromDays(2.3), users: 1000, []);
        Assert.Equal(Economy.Austere, StepOf(instance));

        Clock.Advance(new DateTimeOffset(2030, 2, 1, 0, 1, 0, TimeSpan.Zero) - Clock.GetUtcNow());
        await instance.Get<BudgetFollower>().FollowAsync(Cancellation);
        Assert.Equal(Economy.Normal, StepOf(instance));

        await RunAsync(instance, 1000);
        Assert.Equal(Economy.Normal, StepOf(instance));
    }

    [Fact]
    public async Task AllInstancesFollowForOneRequest()
    {
        var (governing, following) = (Governed(10), Governed(10, _transport));
        await following.Get<PresenceTable>().OpenAsync(Cancellation);
        await RunForAsync(governing, TimeSpan.FromDays(1.5), users: 1000, []);
        _transport.Requests.Clear();

        await following.Get<BudgetFollower>().FollowAsync(Cancellation);

        Assert.Equal((1, Economy.Austere), (_transport.Requests.Count, StepOf(following)));
    }

    [Fact]
    public async Task WithoutABudgetNothingIsAskedAndNothingDone()
    {
        var instance = Governed(0, _transport);
        await RunForAsync(instance, TimeSpan.FromDays(1.5), users: 1_000_000, []);
        _transport.Requests.Clear();

        await instance.Get<BudgetFollower>().FollowAsync(Cancellation);

        Assert.Equal((0, Economy.Normal), (_transport.Requests.Count, StepOf(instance)));
        Assert.True(Amount(instance, "expected") > 1_000, "the bill is forecast all the same");
    }

    [Fact]
    public async Task ADecisionCostsThreeRequestsAndOfSeveralInstancesOneMakesIt()
    {
        var (one, two) = (Governed(10, _transport), Governed(10));
        await RunAsync(one, 1);
        await RunAsync(two, 1);
        Clock.Advance(Seconds(60));

        // The report is written every half minute anyway.
        await one.Get<Presence.Core.Reports.InstanceReporter>().ReportAsync(Cancellation);
        _transport.Requests.Clear();
        await RunAsync(one, 1);
        Assert.Equal(3, _transport.Requests.Count);

        var kept = await KeptAsync(one);
        await RunAsync(two, 1);
        Assert.Equal(kept.Tag, (await KeptAsync(one)).Tag);
        Assert.Empty(two.Totals.Of(MetricCatalogue.EconomyStep).ToArray());
    }

    [Fact]
    public async Task WhatTheMonthCostsIsToldByStatsAndMetricsOfAnyInstance()
    {
        var (governing, other) = (Governed(100), Governed(100));
        await RunForAsync(governing, TimeSpan.FromDays(1.5), users: 3000, []);

        var cost = (await other.Get<StatsReader>().ReadAsync(Cancellation)).Cost!;
        var text = await other.Get<MetricsReader>().ReadPrometheusTextAsync(Cancellation);

        Assert.Equal(("austere", 100.0), (cost.Economy, cost.Budget));
        Assert.True(cost.Spent > 0 && cost.Spent < cost.Expected && cost.Least <= cost.Expected && cost.Expected <= cost.Most, cost.ToString());
        Assert.Contains("presence_cost_month{kind=\"budget\"} 100\n", text, StringComparison.Ordinal);
        Assert.Contains("presence_economy_step 3\n", text, StringComparison.Ordinal);
        Assert.Equal((100, 3), (Amount(governing, "budget"), governing.Totals.ValueOf(MetricCatalogue.EconomyStep)));
    }

    [Fact]
    public async Task WhatNobodyHasDecidedForADayIsNotTold()
    {
        var instance = Governed(100);
        await RunForAsync(instance, TimeSpan.FromDays(1.5), users: 3000, []);
        Clock.Advance(TimeSpan.FromHours(24.1));

        Assert.Null((await instance.Get<StatsReader>().ReadAsync(Cancellation)).Cost);
        Assert.DoesNotContain("presence_cost_month{", await instance.Get<MetricsReader>().ReadPrometheusTextAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARowThatCannotBeReadIsBegunAnew()
    {
        var instance = Governed(10);
        await RunAsync(instance, 1);
        await Table.UpsertEntityAsync(new Azure.Data.Tables.TableEntity(TableKeys.MetaPartition, "budget") { ["Budget"] = "?" }, Azure.Data.Tables.TableUpdateMode.Replace, Cancellation);
        Clock.Advance(Seconds(60));

        await RunAsync(instance, 1);

        Assert.Equal(Clock.GetUtcNow(), (await KeptAsync(instance)).Record!.DecidedAt);
    }

    /// <summary>Counted each three hours, so that weeks go by in few runs.</summary>
    private Instance Governed(double budget, FaultyTransport? transport = null) =>
        Create(o => (o.MonthlyBudget, o.CensusSchedule) = (budget, "0 0 */3 * * *"), transport);

    private async Task RunForAsync(Instance instance, TimeSpan duration, long users, List<Economy> steps)
    {
        for (var end = Clock.GetUtcNow() + duration; Clock.GetUtcNow() < end; Clock.Advance(TimeSpan.FromHours(3)))
        {
            await RunAsync(instance, users);
            steps.Add(StepOf(instance));
        }

        await RunAsync(instance, users);
        steps.Add(StepOf(instance));
    }

    private Task RunAsync(Instance instance, long users) =>
        instance.Get<BudgetGovernor>().RunAsync(new Census(Clock.GetUtcNow(), users, 0, 0, 0), Cancellation);

    private static Economy StepOf(Instance instance) => instance.Get<SettingsInForce>().Value.StepOfEconomy;

    private static double Amount(Instance instance, string kind) => instance.Totals.ValueOf(MetricCatalogue.Cost, kind);

    private static async Task<StoredBudget> KeptAsync(Instance instance) => (await instance.Get<IBudgetStore>().FindAsync(Cancellation))!;
}
