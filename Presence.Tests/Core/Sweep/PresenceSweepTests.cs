using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Ports;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Sweep;

public sealed class PresenceSweepTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly FakeRealtimeService _realtime = new();
    private readonly Instance _instance;

    public PresenceSweepTests() => _instance = Create();

    [Fact]
    public async Task WithNothingDueASweepDoesNothing()
    {
        await _instance.ApplyAsync(Alice, new Activity(Start));

        var report = await SweepAsync();

        Assert.Equal(new SweepReport(Start, TimeSpan.Zero, Due: 0, FailedShards: 0, Transitions: 0), report);
        Assert.Equal((1, 1), (_store.Commits, _realtime.Told.Count));
    }

    [Fact]
    public async Task UsersWithoutActivityGoOfflineWithTheirLastActivity()
    {
        await ComeAsync(Users(30));
        _clock.Advance(TimeSpan.FromMinutes(5));

        var report = await SweepAsync();

        Assert.Equal((30, 30), (report.Due, report.Transitions));
        Assert.Equal(30, Left().Select(v => v.UserId).Distinct().Count());
        Assert.All(Left(), v => Assert.Equal((PresenceStatus.Offline, Start), (v.Status, v.LastSeenAt)));
        Assert.Equal((0, 0), ((await SweepAsync()).Transitions, _store.Duties.Count));
        Assert.Equal(30, Left().Count);
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
        await ComeAsync(Users(40));
        _clock.Advance(TimeSpan.FromMinutes(5));
        var others = Enumerable.Range(0, 4).Select(_ => Create()).ToList();

        var reports = await Task.WhenAll(others.Select(o => Task.Run(() => o.Sweep.RunAsync(TestContext.Current.CancellationToken))));

        Assert.Equal(40, reports.Sum(r => r.Transitions));
        Assert.Equal((40, 40), (Left().Count, Left().Select(v => v.UserId).Distinct().Count()));
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

        Assert.Equal(0, (await SweepAsync()).Transitions);
        Assert.Equal(PresenceStatus.Online, (await _instance.ViewAsync(Alice)).Status);
        Assert.Single(_realtime.Told);
    }

    [Fact]
    public async Task AConnectionTheServiceStillHasKeepsTheUserAway()
    {
        await ConnectAsync();
        _clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(1, (await SweepAsync()).Transitions);
        Assert.Equal(PresenceStatus.Away, _realtime.Told[^1].Status);
        Assert.Equal([Connection], _realtime.Asked);
        _clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(0, (await SweepAsync()).Due);
    }

    [Fact]
    public async Task AConnectionTheServiceHasLostEndsAfterTheGrace()
    {
        await ConnectAsync();
        _realtime.Loses(Connection);
        _clock.Advance(TimeSpan.FromMinutes(10));
        await SweepAsync();
        _clock.Advance(Seconds(10));

        Assert.Equal(1, (await SweepAsync()).Transitions);
        Assert.Equal(PresenceStatus.Offline, _realtime.Told[^1].Status);
    }

    [Fact]
    public async Task WhileTheServiceCannotBeAskedAUserStays()
    {
        await ConnectAsync();
        _realtime.Loses(Connection);
        _realtime.IsOutOfReach = true;
        _clock.Advance(TimeSpan.FromMinutes(10));

        var cut = await _clock.RunAsync(SweepAsync());
        Assert.Equal((1, PresenceStatus.Away), (cut.Transitions, (await _instance.ViewAsync(Alice)).Status));
        Assert.Equal(0, (await _clock.RunAsync(SweepAsync())).Transitions);

        _realtime.IsOutOfReach = false;
        _clock.Advance(Seconds(15));
        await _clock.RunAsync(SweepAsync());
        _clock.Advance(Seconds(15));
        Assert.Equal(1, (await _clock.RunAsync(SweepAsync())).Transitions);
        Assert.Equal([PresenceStatus.Online, PresenceStatus.Away, PresenceStatus.Offline], _realtime.Told.DistinctBy(v => v.Version).Select(v => v.Status));
    }

    [Fact]
    public async Task AShardThatFailsDoesNotStopTheOthers()
    {
        await ComeAsync(Users(40));
        _clock.Advance(TimeSpan.FromMinutes(5));
        _store.OnScan = shard => shard == 0 ? throw new StoreUnavailableException("shard 0") : Task.CompletedTask;
        var first = await SweepAsync();
        _store.OnScan = null;
        var second = await SweepAsync();

        Assert.Equal((1, 0), (first.FailedShards, second.FailedShards));
        Assert.Equal((1, 1), (Sweeps("partial"), Sweeps("complete")));
        Assert.Equal(Users(40).Count(u => _store.ShardOf(u) == 0), second.Transitions);
        Assert.Equal((40, 40), (first.Transitions + second.Transitions, Left().Count));
    }

    [Fact]
    public async Task WithoutAnyShardTheSweepFails()
    {
        _store.OnScan = _ => throw new StoreUnavailableException("all");

        await Assert.ThrowsAsync<StoreUnavailableException>(SweepAsync);
        Assert.Equal(1, Sweeps("failed"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OneUserWhoCannotBeSweptKeepsNobodyElseWaiting(bool isStorage)
    {
        var store = new InMemoryPresenceStore(shardCount: 1);
        await using var instance = Create(store);
        await ComeAsync(Users(40), instance);
        _clock.Advance(TimeSpan.FromMinutes(5));
        store.OnCommit = before => before.User != Users(1)[0] ? Task.CompletedTask
            : throw (isStorage ? new StoreUnavailableException("time-out") : new InvalidDataException("odd row"));

        var report = await instance.Sweep.RunAsync(TestContext.Current.CancellationToken);

        // Only what is wrong with storage is wrong with the shard.
        Assert.Equal((40, 39, isStorage ? 1 : 0), (report.Due, report.Transitions, report.FailedShards));
        Assert.Equal(39, Left().Count);
        store.OnCommit = null;
        Assert.Equal((1, 0), ((await instance.Sweep.RunAsync(TestContext.Current.CancellationToken)).Transitions, store.Duties.Count));
    }

    [Fact]
    public async Task ChangesAreToldAsTheyAreMadeAndNotWhenTheSweepEnds()
    {
        var store = new InMemoryPresenceStore(shardCount: 1);
        await using var instance = Create(store);
        await ComeAsync(Users(20), instance);
        _clock.Advance(TimeSpan.FromMinutes(5));
        var commits = 0;
        var half = new TaskCompletionSource();
        _realtime.OnCalled = _ =>
        {
            if (Left().Count >= 10)
            {
                half.TrySetResult();
            }

            return Task.CompletedTask;
        };
        store.OnCommit = _ => Interlocked.Increment(ref commits) == 20 ? half.Task : Task.CompletedTask;

        await instance.Sweep.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(20, Left().Count);
    }

    [Fact]
    public async Task WhatWasDoneBeforeTheSweepWasCancelledIsAnnounced()
    {
        await ComeAsync(Users(10));
        _clock.Advance(TimeSpan.FromMinutes(5));
        using var stopping = new CancellationTokenSource();
        var before = _store.Commits;
        _store.OnCommitted = _ => stopping.CancelAsync();

        var report = await _instance.Sweep.RunAsync(stopping.Token);

        Assert.NotEqual(0, report.Transitions);
        Assert.Equal(_store.Commits - before, report.Transitions);
        Assert.Equal(report.Transitions, Left().Count);
    }

    [Fact]
    public async Task DutiesAreRedoneEvenWhereAUserCannotBeSwept()
    {
        await ComeAsync(Users(10));
        _store.OnCrossOut = _ => throw new StoreUnavailableException("lost");
        await _instance.ApplyAsync(Alice, new Activity(Start));
        _store.OnCrossOut = null;
        _clock.Advance(TimeSpan.FromMinutes(5));
        _store.OnCommit = _ => throw new StoreUnavailableException("out of reach");

        var report = await SweepAsync();

        Assert.Equal((0, 1, 0), (report.Transitions, report.Duties, report.DutiesLeft));
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task WhatASweepLeavesUndoneIsMeasured()
    {
        _realtime.IsOutOfReach = true;
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Activity(Start)));
        _clock.Advance(Seconds(10));

        await _clock.RunAsync(SweepAsync());
        Assert.Equal(1, _instance.Totals.ValueOf(MetricCatalogue.PendingAnnouncements));
        _realtime.IsOutOfReach = false;
        await _clock.RunAsync(SweepAsync());

        Assert.Equal(0, _instance.Totals.ValueOf(MetricCatalogue.PendingAnnouncements));
    }

    [Fact]
    public async Task WhatItLeftUndoneIsNotForAnInstanceToTellThatSweepsNoMore()
    {
        _realtime.IsOutOfReach = true;
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Activity(Start)));
        _clock.Advance(Seconds(10));
        await _clock.RunAsync(SweepAsync());

        _clock.Advance(Seconds(37));
        Assert.Equal(1, _instance.Totals.ValueOf(MetricCatalogue.PendingAnnouncements));
        _clock.Advance(Seconds(1));
        Assert.Equal(0, _instance.Totals.ValueOf(MetricCatalogue.PendingAnnouncements));
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private async Task ComeAsync(IEnumerable<PresenceKey> users, Instance? instance = null)
    {
        foreach (var user in users)
        {
            await (instance ?? _instance).ApplyAsync(user, new Activity(Start));
        }
    }

    private async Task ConnectAsync()
    {
        _realtime.Has(Connection, Alice);
        await _instance.ApplyAsync(Alice, new Connected(Connection));
    }

    private IReadOnlyList<PresenceView> Left() => [.. _realtime.Told.Where(v => v.Status == PresenceStatus.Offline)];

    private double Sweeps(string outcome) => _instance.Totals.Of(MetricCatalogue.SweepDuration, outcome).ToArray()[..^1].Sum();

    private Task<SweepReport> SweepAsync() => _instance.Sweep.RunAsync(TestContext.Current.CancellationToken);

    private Instance Create(InMemoryPresenceStore? store = null) => Instance.OverMemory(store ?? _store, _clock, realtime: _realtime);
}
