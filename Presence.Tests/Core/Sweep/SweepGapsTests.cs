using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Ports;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Sweep;

/// <summary>Storage was out of reach, so that neither calls nor sweeps came through. Users who were active all the time are not gone.</summary>
public sealed class SweepGapsTests
{
    private static readonly TimeSpan Window = Seconds(65);

    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly NoMaintenanceStore _maintenance = new();
    private readonly FakeRealtimeService _realtime = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhoCouldNotBeRecordedHasOneWindowMore(bool onANewInstance)
    {
        var instance = Create();
        await instance.ApplyAsync(Alice, new Activity(Start));
        await SweepForAsync(instance, TimeSpan.FromMinutes(1));
        await OutageAsync(instance, TimeSpan.FromMinutes(4));
        var sweeper = onANewInstance ? Create() : instance;

        // Alice was due when the outage ended; for a window from then on it is believed that she may have been active.
        await SweepForAsync(sweeper, Window - Seconds(15));
        Assert.Equal(PresenceStatus.Online, (await instance.ViewAsync(Alice)).Status);
        await instance.ApplyAsync(Alice, new Activity(_clock.GetUtcNow()));
        await SweepForAsync(sweeper, TimeSpan.FromMinutes(2));

        Assert.Single(_realtime.Told);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhoDoesNotComeWithinItIsGone(bool onANewInstance)
    {
        var instance = Create();
        await instance.ApplyAsync(Alice, new Activity(Start));
        await SweepForAsync(instance, TimeSpan.FromMinutes(1));
        await OutageAsync(instance, TimeSpan.FromMinutes(4));

        await SweepForAsync(onANewInstance ? Create() : instance, Window + Seconds(15));

        Assert.Equal((PresenceStatus.Offline, Start), ((await instance.ViewAsync(Alice)).Status, (await instance.ViewAsync(Alice)).LastSeenAt));
    }

    /// <summary>Storage was out from the first sweep on: each instance that tried knows, and tells the others once one comes through.</summary>
    [Fact]
    public async Task AnOutageBeforeAnySweepHasComeThroughCountsUntilOneDoes()
    {
        var (one, two) = (Create(), Create());
        await one.ApplyAsync(Alice, new Activity(Start));
        await OutageAsync(one, TimeSpan.FromMinutes(4));
        await OutageAsync(two, TimeSpan.FromMinutes(1));
        await SweepForAsync(one, Seconds(15));

        await SweepForAsync(two, Seconds(30));

        Assert.Equal(PresenceStatus.Online, (await one.ViewAsync(Alice)).Status);
        await SweepForAsync(two, Seconds(45));
        Assert.Equal(PresenceStatus.Offline, (await one.ViewAsync(Alice)).Status);
    }

    [Fact]
    public async Task AnInstanceThatTakesOverDuringTheWindowKnowsOfIt()
    {
        var (one, two) = (Create(), Create());
        await one.ApplyAsync(Alice, new Activity(Start));
        await SweepForAsync(one, TimeSpan.FromMinutes(1));
        await OutageAsync(one, TimeSpan.FromMinutes(4));
        await SweepForAsync(one, Seconds(15));

        await SweepForAsync(two, Seconds(30));

        Assert.Equal(PresenceStatus.Online, (await one.ViewAsync(Alice)).Status);
    }

    [Fact]
    public async Task AnAwayUserToldActiveMeanwhileIsNotCalledAwayWhenItsConnectionIsAskedFor()
    {
        var instance = Create(o => o.ConnectionCheckAfter = TimeSpan.FromMinutes(4));
        _realtime.Has(Connection, Alice);
        await instance.ApplyAsync(Alice, new Connected(Connection));
        await SweepForAsync(instance, TimeSpan.FromMinutes(1));
        await OutageAsync(instance, TimeSpan.FromMinutes(4));

        await SweepForAsync(instance, Seconds(15));

        Assert.NotEmpty(_realtime.Asked);
        Assert.Equal(PresenceStatus.Online, (await instance.ViewAsync(Alice)).Status);
        await SweepForAsync(instance, Window);
        Assert.Equal(PresenceStatus.Away, (await instance.ViewAsync(Alice)).Status);
    }

    [Fact]
    public async Task OneSweepThatIsMissingIsNoGap()
    {
        var instance = Create();
        await instance.ApplyAsync(Alice, new Activity(Start));
        await SweepForAsync(instance, TimeSpan.FromMinutes(4) + Seconds(30));
        _clock.Advance(Seconds(30));

        await SweepAsync(instance);

        Assert.Equal(PresenceStatus.Offline, (await instance.ViewAsync(Alice)).Status);
    }

    [Fact]
    public async Task AFreshTableHasNoGap()
    {
        var instance = Create();
        await instance.ApplyAsync(Alice, new Activity(Start));
        _clock.Advance(TimeSpan.FromMinutes(5));

        await SweepAsync(instance);

        Assert.Equal(PresenceStatus.Offline, (await instance.ViewAsync(Alice)).Status);
    }

    [Fact]
    public async Task AnInstanceThatHasNotSweptForLongSeesThatAnotherHas()
    {
        var (one, two) = (Create(), Create());
        await SweepAsync(two);
        await one.ApplyAsync(Alice, new Activity(Start));
        await SweepForAsync(one, TimeSpan.FromMinutes(5) - Seconds(15));
        _clock.Advance(Seconds(15));

        await SweepAsync(two);

        Assert.Equal(PresenceStatus.Offline, (await one.ViewAsync(Alice)).Status);
    }

    [Fact]
    public async Task AUserWhoCanNeverBeSweptMakesNoGap()
    {
        var instance = Create();
        await instance.ApplyAsync(Bob, new Activity(Start - TimeSpan.FromMinutes(4), At: Start - TimeSpan.FromMinutes(4)));
        _store.OnCommit = before => before.User == Bob ? throw new InvalidDataException("odd row") : Task.CompletedTask;
        await instance.ApplyAsync(Alice, new Activity(Start));

        await SweepForAsync(instance, TimeSpan.FromMinutes(5));

        Assert.Equal(PresenceStatus.Offline, (await instance.ViewAsync(Alice)).Status);
    }

    [Fact]
    public async Task WhileNobodyCanSayWhenTheLastSweepWasThereIsAGap()
    {
        var instance = Create();
        await instance.ApplyAsync(Alice, new Activity(Start));
        _clock.Advance(TimeSpan.FromMinutes(5));
        _maintenance.OnFind = () => throw new StoreUnavailableException("out of reach");

        await SweepAsync(instance);

        Assert.Equal(PresenceStatus.Online, (await instance.ViewAsync(Alice)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ASweepThatCameThroughAllTheSameDoesNotHideTheGap(bool onANewInstance)
    {
        var instance = Create();
        await instance.ApplyAsync(Alice, new Activity(Start));
        _clock.Advance(TimeSpan.FromMinutes(5));
        _maintenance.OnFind = () => throw new StoreUnavailableException("out of reach");
        await SweepAsync(instance);
        _maintenance.OnFind = null;
        _clock.Advance(Seconds(15));

        await SweepAsync(onANewInstance ? Create() : instance);

        Assert.Equal(PresenceStatus.Online, (await instance.ViewAsync(Alice)).Status);
    }

    /// <summary>Sweeps as scheduled, all of which fail. Ends with storage back.</summary>
    private async Task OutageAsync(Instance instance, TimeSpan span)
    {
        _store.OnScan = _ => throw new StoreUnavailableException("out of reach");
        _maintenance.OnFind = () => throw new StoreUnavailableException("out of reach");
        for (var passed = TimeSpan.Zero; passed < span; passed += Seconds(15))
        {
            _clock.Advance(Seconds(15));
            await Assert.ThrowsAsync<StoreUnavailableException>(() => SweepAsync(instance));
        }

        _store.OnScan = null;
        _maintenance.OnFind = null;
    }

    private async Task SweepForAsync(Instance instance, TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += Seconds(15))
        {
            _clock.Advance(Seconds(15));
            await SweepAsync(instance);
        }
    }

    private static Task<SweepReport> SweepAsync(Instance instance) => instance.Sweep.RunAsync(TestContext.Current.CancellationToken);

    private Instance Create(Action<Presence.Core.Options.PresenceOptions>? change = null) =>
        Instance.OverMemory(_store, _clock, change, _realtime, maintenance: _maintenance);
}
