using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Ports;
using Presence.Core.Reports;
using Presence.Core.Retention;
using Presence.Tests.Core.TableStorage;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Reports;

public sealed class SharedMetricsTests(AzuriteFixture azurite) : TableTests(azurite)
{
    [Fact]
    public async Task EveryInstanceSeesTheSumOfAll()
    {
        var (one, two) = (Create(), Create());
        await CallAsync(one, Alice, 3);
        await CallAsync(two, Bob, 2);
        await ReportAsync(two);

        var metrics = await GetAsync(one);

        Assert.Equal((new ActivityCounts(5, 3, 2, 0), 2), (metrics.Counts, metrics.CacheSize));
        Assert.Equal(metrics, await GetAsync(two));
        Assert.Equal(metrics, await GetAsync(Create()));
    }

    [Fact]
    public async Task AResetBeginsAnewForAllInstances()
    {
        var (one, two) = (Create(), Create());
        await CallAsync(one, Alice, 3);
        await CallAsync(two, Bob, 2);
        await ReportAsync(two);

        await one.Get<SharedMetrics>().ResetAsync(Cancellation);
        Assert.Equal(default, (await GetAsync(two)).Counts);

        await CallAsync(two, Bob, 1);
        Assert.Equal(new ActivityCounts(1, 1, 0, 0), (await GetAsync(two)).Counts);
    }

    [Fact]
    public async Task WhatASilentInstanceRememberedHasExpired()
    {
        var instance = Create();
        await CallAsync(instance, Alice, 1);
        await ReportAsync(instance);

        Clock.Advance(Seconds(66));

        Assert.Equal(0, (await GetAsync(Create())).CacheSize);
    }

    [Fact]
    public async Task ASilentInstanceIsRetiredWithoutLossAndCountsOnWithoutDouble()
    {
        var (silent, other) = (Create(), Create());
        await CallAsync(silent, Alice, 3);
        await ReportAsync(silent);
        Clock.Advance(TimeSpan.FromHours(25));
        await CallAsync(other, Bob, 1);

        await other.Get<Cleanup>().RunAsync(Cancellation);
        Assert.Equal(4, (await GetAsync(other)).Counts.TotalRequests);

        await CallAsync(silent, Alice, 2);
        Assert.Equal(6, (await GetAsync(silent)).Counts.TotalRequests);
        Clock.Advance(TimeSpan.FromHours(25));
        await other.Get<Cleanup>().RunAsync(Cancellation);
        await other.Get<Cleanup>().RunAsync(Cancellation);
        await CallAsync(silent, Alice, 1);
        Assert.Equal(7, (await GetAsync(silent)).Counts.TotalRequests);
    }

    [Fact]
    public async Task HoweverManyInstancesAreSilentAllAreRetired()
    {
        var store = Create().Get<IMaintenanceStore>();
        var one = MetricTotals.None.With(MetricCatalogue.ActivityRequests, 1, "recorded");
        await Task.WhenAll(Enumerable.Range(0, 210).Select(i => store.TryReportAsync(new($"instance-{i}", one, Start), isFirst: true, Cancellation)));
        Clock.Advance(TimeSpan.FromHours(25));

        await Create().Get<Cleanup>().RunAsync(Cancellation);

        Assert.Equal(210, Assert.Single(await store.ListReportsAsync(Cancellation)).Totals.ValueOf(MetricCatalogue.ActivityRequests, "recorded"));
    }

    private static async Task CallAsync(Instance instance, PresenceKey user, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await instance.Recorder.RecordAsync(user, Start + TimeSpan.FromDays(9));
        }
    }

    private static Task ReportAsync(Instance instance) => instance.Get<InstanceReporter>().ReportAsync(Cancellation);

    private static Task<StatusMetrics> GetAsync(Instance instance) => instance.Get<SharedMetrics>().GetAsync(Cancellation);
}
