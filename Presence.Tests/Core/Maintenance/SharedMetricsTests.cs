using Microsoft.Extensions.Time.Testing;
using Presence.Core.Maintenance;
using Presence.Core.Storage;
using Presence.Core.Throttle;
using Presence.Tests.Core.Storage;

namespace Presence.Tests.Core.Maintenance;

public sealed class SharedMetricsTests : IAsyncLifetime
{
    private readonly string _table = Tables.NewName();
    private readonly FakeTimeProvider _time = Some.Clock();
    private Instance _one = null!;
    private Instance _two = null!;

    public async ValueTask InitializeAsync()
    {
        _one = await Tables.InstanceAsync(_table, _time);
        _two = await Tables.InstanceAsync(_table, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheCountsOfAllInstancesAreOneSum()
    {
        await CallAsync(_one, 3);
        await CallAsync(_two, 2);
        await ReportAsync(_two);
        var metrics = await _one.Get<SharedMetrics>().GetAsync(Token);
        Assert.Equal(new ActivityCounts(5, 4, 1, 0), metrics.Counts);
        Assert.Equal(80, metrics.Counts.ThrottleRate);
        Assert.Equal(2, metrics.CacheSize);
    }

    [Fact]
    public async Task AResetStartsTheCountsOfAllInstancesAnew()
    {
        await CallAsync(_one, 3);
        await CallAsync(_two, 2);
        await ReportAsync(_two);
        await _one.Get<SharedMetrics>().ResetAsync(Token);
        Assert.Equal(default, (await _two.Get<SharedMetrics>().GetAsync(Token)).Counts);
        await CallAsync(_two, 1);
        Assert.Equal(new ActivityCounts(1, 1, 0, 0), (await _two.Get<SharedMetrics>().GetAsync(Token)).Counts);
    }

    [Fact]
    public async Task AnInstanceRetiredWhileSilentIsNotCountedTwiceWhenItSpeaksAgain()
    {
        await CallAsync(_one, 3);
        await ReportAsync(_one);
        _time.Advance(TimeSpan.FromDays(2));
        await _two.Get<IMaintenanceStore>().RetireReportsAsync(_time.GetUtcNow() - TimeSpan.FromDays(1), Token);
        Assert.Equal(3, (await _two.Get<SharedMetrics>().GetAsync(Token)).Counts.TotalRequests);
        await CallAsync(_one, 1);
        Assert.Equal(4, (await _one.Get<SharedMetrics>().GetAsync(Token)).Counts.TotalRequests);
        await CallAsync(_one, 1);
        Assert.Equal(5, (await _one.Get<SharedMetrics>().GetAsync(Token)).Counts.TotalRequests);
    }

    [Fact]
    public async Task WhatAnInstanceRememberedBeforeTheWindowIsNoLongerCounted()
    {
        await CallAsync(_two, 1);
        await ReportAsync(_two);
        _time.Advance(Some.Seconds(66));
        Assert.Equal(0, (await _one.Get<SharedMetrics>().GetAsync(Token)).CacheSize);
    }

    private static Task ReportAsync(Instance instance) => instance.Get<InstanceReporter>().ReportAsync(Token);

    private async Task CallAsync(Instance instance, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await instance.Recorder.RecordAsync(Some.Alice, _time.GetUtcNow());
        }
    }
}
