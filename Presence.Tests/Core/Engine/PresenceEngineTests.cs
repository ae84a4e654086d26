using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Ports;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Engine;

public sealed class PresenceEngineTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly Instance _instance;

    public PresenceEngineTests() => _instance = Instance.OverMemory(_store, _clock);

    [Fact]
    public async Task WhenManyInstancesRaceExactlyOneAnnounces()
    {
        var realtime = new FakeRealtimeService();
        var instances = Enumerable.Range(0, 8).Select(_ => Instance.OverMemory(_store, _clock, realtime: realtime)).ToList();
        var loaded = 0;
        var all = new TaskCompletionSource();
        _store.OnCommit = _ =>
        {
            // Nobody writes before everybody has read.
            if (Interlocked.Increment(ref loaded) == instances.Count)
            {
                all.SetResult();
            }

            return all.Task;
        };

        var changes = await Task.WhenAll(instances.Select(i => i.ApplyAsync(Alice, new Activity(Start))));

        Assert.Equal(("alice", PresenceStatus.Online), (Assert.Single(realtime.Told).UserId, realtime.Told[0].Status));
        Assert.Equal(1, _store.Commits);
        Assert.Equal(7, changes.Count(c => c.Outcome == Outcome.Throttled));
    }

    [Fact]
    public async Task ATransitionGoesToTheConversationsTheUserWasIn()
    {
        await _instance.ApplyAsync(Alice, new Joined("a"));
        await _instance.ApplyAsync(Alice, new Joined("b"));
        await _instance.ApplyAsync(Alice, new Activity(Start));

        var left = await _instance.ApplyAsync(Alice, new SignedOut());

        Assert.All(["conversation:a", "conversation:b"], group => Assert.Equal(left.After.ViewOf(Alice), _instance.Realtime.ToldTo(group)[^1]));
        Assert.Empty(_instance.Realtime.ToldTo("conversation:lobby"));
    }

    [Fact]
    public async Task WhatAChangeOwesIsKeptWithItAndGoneOnceItIsDone()
    {
        StoredDuty? kept = null;
        _store.OnCommitted = _ =>
        {
            kept = Assert.Single(_store.Duties);
            return Task.CompletedTask;
        };

        var change = await _instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Equal((Alice, change.After.Online!.WriteId, Start + Seconds(8)), (kept!.User, kept.Id, kept.DueAt));
        Assert.Equal(change.After.ViewOf(Alice), kept.Duty.News!.View);
        Assert.Equal(change.After.ViewOf(Alice), Assert.Single(_instance.Realtime.Told));
        Assert.Empty(_store.Duties);
        Assert.Equal((1, 1, 1), (_store.Loads, _store.Commits, _store.CrossOuts));
    }

    [Fact]
    public async Task WhatOwesNothingKeepsNothing()
    {
        await _instance.ApplyAsync(Alice, new Activity(Start));
        _clock.Advance(Seconds(65));
        _store.OnCommitted = _ =>
        {
            Assert.Empty(_store.Duties);
            return Task.CompletedTask;
        };

        Assert.Equal(Outcome.Applied, (await _instance.ApplyAsync(Alice, new Activity(_clock.GetUtcNow()))).Outcome);
        Assert.Equal((2, 1), (_store.Commits, _store.CrossOuts));
        Assert.Single(_instance.Realtime.Told);
    }

    [Fact]
    public async Task AWriteAppliedWhoseAnswerWasLostIsAnnouncedByTheSweep()
    {
        await LoseAnAnswerAsync(new Activity(Start));
        await _instance.ApplyAsync(Alice, new Activity(Start));
        await SweepAsync();
        Assert.Empty(_instance.Realtime.Told);

        _clock.Advance(Seconds(8));
        var report = await SweepAsync();

        Assert.Equal((1, 0), (report.Duties, report.DutiesLeft));
        Assert.Equal(await _instance.ViewAsync(Alice), Assert.Single(_instance.Realtime.Told));
        Assert.Equal(0, (await SweepAsync()).Duties);
        Assert.Single(_instance.Realtime.Told);
    }

    [Fact]
    public async Task AWriteNotAppliedIsNotAnnouncedTwice()
    {
        _store.OnCommit = _ => throw new StoreUnavailableException("out of reach");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _instance.ApplyAsync(Alice, new Activity(Start)));
        _store.OnCommit = null;
        _clock.Advance(Seconds(10));
        await SweepAsync();
        Assert.Empty(_instance.Realtime.Told);

        await _instance.ApplyAsync(Alice, new Activity(_clock.GetUtcNow()));
        await _instance.ApplyAsync(Alice, new Activity(_clock.GetUtcNow()));
        _clock.Advance(Seconds(10));
        await SweepAsync();

        Assert.Single(_instance.Realtime.Told);
    }

    [Fact]
    public async Task AWriteThatMayHaveBeenAppliedIsRaisedAsSuch()
    {
        var raised = new List<(bool IsCertain, PresenceStatus Status)>();
        _instance.Engine.Changed += change => raised.Add((change.IsCertain, change.After.Status));

        await LoseAnAnswerAsync(new Activity(Start));

        Assert.Equal([(false, PresenceStatus.Online)], raised);
        Assert.Equal(0, _instance.Totals.ValueOf(MetricCatalogue.Transitions, "online"));
    }

    [Fact]
    public async Task ManyEventsAfterALostAnswerAnnounceNothingOfTheirOwn()
    {
        await LoseAnAnswerAsync(new Activity(Start));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => _instance.ApplyAsync(Alice, new Activity(Start)))));
        _clock.Advance(Seconds(8));
        await SweepAsync();

        Assert.Single(_instance.Realtime.Told);
    }

    [Fact]
    public async Task TheCallEndsWhenWhatFollowsIsDoneAndTheCommitBefore()
    {
        var gate = new TaskCompletionSource();
        _instance.Realtime.OnCall = _ => gate.Task;

        var committed = await _instance.Engine.CommitAsync(Alice, new Activity(Start), TestContext.Current.CancellationToken);
        Assert.False(committed.Delivered.IsCompleted);
        Assert.Equal(PresenceStatus.Online, (await _instance.ViewAsync(Alice)).Status);

        gate.SetResult();
        await committed.Delivered;
        Assert.Single(_instance.Realtime.Told);
    }

    [Fact]
    public async Task AUserWhomTooManyChangeAtOnceIsGivenUp()
    {
        await using var other = Instance.OverMemory(_store, _clock);
        var isOther = false;
        _store.OnCommit = async before =>
        {
            if (!isOther)
            {
                isOther = true;
                _clock.Advance(Seconds(1));
                await other.ApplyAsync(before.User, new Activity(_clock.GetUtcNow(), Force: true));
                isOther = false;
            }
        };

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _instance.ApplyAsync(Alice, new Connected(Connection)));
    }

    [Fact]
    public async Task AChoiceThatIsOverGoesWithTheNextActivityThoughNothingElseChanges()
    {
        await _instance.ApplyAsync(Alice, new Activity(Start));
        await _instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Available, Until: Start + Seconds(60))));
        _clock.Advance(Seconds(70));

        await _instance.ApplyAsync(Alice, new Activity(_clock.GetUtcNow()));

        Assert.Null((await _store.LoadAsync(Alice, TestContext.Current.CancellationToken)).Records.Choice);
    }

    [Fact]
    public async Task WhatChangesNothingRaisesNothing()
    {
        var raised = new List<Outcome>();
        _instance.Engine.Changed += change => raised.Add(change.Outcome);

        await _instance.ApplyAsync(Alice, new Connected(Connection));
        await _instance.ApplyAsync(Alice, new Connected(Connection));

        Assert.Equal([Outcome.Applied], raised);
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private Task<SweepReport> SweepAsync() => _instance.Sweep.RunAsync(TestContext.Current.CancellationToken);

    private async Task LoseAnAnswerAsync(PresenceEvent happened)
    {
        _store.OnCommitted = _ => throw new StoreUnavailableException("lost");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _instance.ApplyAsync(Alice, happened));
        _store.OnCommitted = null;
    }
}
