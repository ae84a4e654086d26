using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Sweep;

public sealed class PresenceSweepTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly Instance _instance;

    public PresenceSweepTests() => _instance = Create();

    [Fact]
    public async Task WithNothingDueASweepDoesNothing()
    {
        await _instance.ApplyAsync(Alice, new Activity(Start));

        var report = await SweepAsync();

        Assert.Equal((0, 0, Start), (report.Due, report.FailedShards, report.StartedAt));
        Assert.Empty(report.Transitions);
        Assert.Equal(1, _store.Commits);
    }

    [Fact]
    public async Task UsersWithoutActivityGoOfflineWithTheirLastActivity()
    {
        foreach (var user in Users(30))
        {
            await _instance.ApplyAsync(user, new Activity(Start));
        }

        _clock.Advance(TimeSpan.FromMinutes(5));
        var report = await SweepAsync();

        Assert.Equal(30, report.Due);
        Assert.Equal(30, report.Transitions.Select(t => t.User).Distinct().Count());
        Assert.All(report.Transitions, t => Assert.Equal((PresenceStatus.Offline, Start), (t.View.Status, t.View.LastSeenAt)));
        Assert.Empty((await SweepAsync()).Transitions);
    }

    [Fact]
    public async Task TheSweepMeasuresItselfAndHowLateUsersWentOffline()
    {
        await _instance.ApplyAsync(Alice, new Activity(Start));
        await _instance.ApplyAsync(Bob, new Connected(Connection));
        _clock.Advance(TimeSpan.FromMinutes(5) + Seconds(9));
        await SweepAsync();
        await SweepAsync();

        // Alice is gone, 9 s late; Bob is away and was never to be offline.
        var (one, two) = (_instance.Totals, MetricCatalogue.TimeToOffline);
        Assert.Equal((1, 9), (one.Of(two)[two.Buckets.IndexOf(10)], MetricDefinition.FromStoredSum(one.Of(two)[^1])));
        Assert.Equal(2, one.Of(MetricCatalogue.SweepDuration, "complete").ToArray()[..^1].Sum());
        Assert.Equal(2, one.ValueOf(MetricCatalogue.DueUsers));
        Assert.Equal([2, 1, 1], ((string[])["online", "away", "offline"]).Select(status => one.ValueOf(MetricCatalogue.Transitions, status)));
    }

    [Fact]
    public async Task ManySweepsAtOnceAnnounceEachChangeOnce()
    {
        foreach (var user in Users(40))
        {
            await _instance.ApplyAsync(user, new Activity(Start));
        }

        _clock.Advance(TimeSpan.FromMinutes(5));
        var others = Enumerable.Range(0, 4).Select(_ => Create()).ToList();
        var reports = await Task.WhenAll(others.Select(o => Task.Run(() => o.Sweep.RunAsync(TestContext.Current.CancellationToken))));

        Assert.Equal(40, reports.Sum(r => r.Transitions.Length));
        Assert.Equal(40, reports.SelectMany(r => r.Transitions).Select(t => t.User).Distinct().Count());
    }

    [Fact]
    public async Task AUserWhoReturnsDuringTheSweepStays()
    {
        await _instance.ApplyAsync(Alice, new Activity(Start));
        _clock.Advance(TimeSpan.FromMinutes(5));
        await using var other = Create();
        _store.OnCommit = async _ =>
        {
            _store.OnCommit = null;
            await other.ApplyAsync(Alice, new Activity(_clock.GetUtcNow()));
        };

        Assert.Empty((await SweepAsync()).Transitions);
        Assert.Equal(PresenceStatus.Online, (await _instance.ViewAsync(Alice)).Status);
    }

    [Fact]
    public async Task AConnectionTheServiceStillHasKeepsTheUserAway()
    {
        await _instance.ApplyAsync(Alice, new Connected(Connection));
        _instance.Realtime.Has(Connection);
        _clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(PresenceStatus.Away, Assert.Single((await SweepAsync()).Transitions).View.Status);
        Assert.Equal([Connection], _instance.Realtime.Asked);
        _clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(0, (await SweepAsync()).Due);
    }

    [Fact]
    public async Task AConnectionTheServiceHasLostEndsAfterTheGrace()
    {
        await _instance.ApplyAsync(Alice, new Connected(Connection));
        _clock.Advance(TimeSpan.FromMinutes(10));
        await SweepAsync();
        _clock.Advance(Seconds(10));

        Assert.Equal(PresenceStatus.Offline, Assert.Single((await SweepAsync()).Transitions).View.Status);
    }

    [Fact]
    public async Task WhileTheServiceCannotBeAskedAUserStays()
    {
        await _instance.ApplyAsync(Alice, new Connected(Connection));
        _instance.Realtime.IsOutOfReach = true;
        _clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(PresenceStatus.Away, Assert.Single((await SweepAsync()).Transitions).View.Status);
        Assert.Empty((await SweepAsync()).Transitions);
        _instance.Realtime.IsOutOfReach = false;
        await SweepAsync();
        _clock.Advance(Seconds(10));
        Assert.Single((await SweepAsync()).Transitions);
    }

    [Fact]
    public async Task AShardThatFailsDoesNotStopTheOthers()
    {
        foreach (var user in Users(40))
        {
            await _instance.ApplyAsync(user, new Activity(Start));
        }

        _clock.Advance(TimeSpan.FromMinutes(5));
        _store.OnScan = shard => shard == 0 ? throw new StoreUnavailableException("shard 0") : Task.CompletedTask;
        var first = await SweepAsync();
        _store.OnScan = null;
        var second = await SweepAsync();

        Assert.Equal((1, 0), (first.FailedShards, second.FailedShards));
        Assert.Equal((1, 1), (Sweeps("partial"), Sweeps("complete")));
        Assert.Equal(Users(40).Count(u => TableKeys.Shard(u, 4) == 0), second.Transitions.Length);
        Assert.Equal(40, first.Transitions.Length + second.Transitions.Length);
    }

    [Fact]
    public async Task WithoutAnyShardTheSweepFails()
    {
        _store.OnScan = _ => throw new StoreUnavailableException("all");

        await Assert.ThrowsAsync<StoreUnavailableException>(SweepAsync);
        Assert.Equal(1, Sweeps("failed"));
    }

    [Fact]
    public async Task WhatWasDoneBeforeEveryShardFailedIsAnnounced()
    {
        var store = new InMemoryPresenceStore(shardCount: 1);
        await using var instance = Instance.OverMemory(store, _clock);
        foreach (var user in Users(10))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        _clock.Advance(TimeSpan.FromMinutes(5));
        store.OnCommit = before => before.User == Users(10)[9] ? throw new StoreUnavailableException("outage") : Task.CompletedTask;

        var report = await instance.Sweep.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, report.FailedShards);
        Assert.Equal(9, report.Transitions.Length);
    }

    [Fact]
    public async Task WhatWasDoneBeforeTheSweepWasCancelledIsAnnounced()
    {
        foreach (var user in Users(10))
        {
            await _instance.ApplyAsync(user, new Activity(Start));
        }

        _clock.Advance(TimeSpan.FromMinutes(5));
        using var stopping = new CancellationTokenSource();
        var before = _store.Commits;
        _store.OnCommitted = _ => stopping.CancelAsync();

        var report = await _instance.Sweep.RunAsync(stopping.Token);

        Assert.NotEmpty(report.Transitions);
        Assert.Equal(_store.Commits - before, report.Transitions.Length);
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private double Sweeps(string outcome) => _instance.Totals.Of(MetricCatalogue.SweepDuration, outcome).ToArray()[..^1].Sum();

    private Task<SweepReport> SweepAsync() => _instance.Sweep.RunAsync(TestContext.Current.CancellationToken);

    private Instance Create() => Instance.OverMemory(_store, _clock);
}
