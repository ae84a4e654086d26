using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Engine;
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
        var instances = Enumerable.Range(0, 8).Select(_ => Instance.OverMemory(_store, _clock)).ToList();
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

        Assert.Single(changes.SelectMany(c => c.Transitions));
        Assert.Equal(1, _store.Commits);
        Assert.Equal(7, changes.Count(c => c.Outcome == Outcome.Throttled));
    }

    [Fact]
    public async Task ATransitionGoesToTheConversationsTheUserWasIn()
    {
        await _instance.ApplyAsync(Alice, new Activity(Start));

        var left = await _instance.ApplyAsync(Alice, new SignedOut());

        Assert.Equal(["lobby"], Assert.Single(left.Transitions).Conversations);
    }

    [Fact]
    public async Task AWriteAppliedWhoseAnswerWasLostIsAnnouncedByTheNextEvent()
    {
        await LoseAnAnswerAsync(new Activity(Start));

        var next = await _instance.ApplyAsync(Alice, new Activity(Start));
        var after = await _instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Equal(PresenceStatus.Online, Assert.Single(next.Transitions).View.Status);
        Assert.Empty(after.Transitions);
    }

    [Fact]
    public async Task AWriteNotAppliedIsNotAnnouncedTwice()
    {
        _store.OnCommit = _ => throw new StoreUnavailableException("out of reach");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _instance.ApplyAsync(Alice, new Activity(Start)));
        _store.OnCommit = null;
        _clock.Advance(Seconds(1));

        var next = await _instance.ApplyAsync(Alice, new Activity(_clock.GetUtcNow()));
        var after = await _instance.ApplyAsync(Alice, new Activity(_clock.GetUtcNow()));

        Assert.Single(next.Transitions);
        Assert.Empty(after.Transitions);
    }

    [Fact]
    public async Task ManyEventsAfterALostAnswerAnnounceItOnce()
    {
        await LoseAnAnswerAsync(new Activity(Start));

        var changes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => _instance.ApplyAsync(Alice, new Activity(Start)))));

        Assert.Single(changes.SelectMany(c => c.Transitions));
    }

    [Fact]
    public void ALookFromBeforeTheWriteDoesNotMakeItForgotten()
    {
        var writes = new UncertainWrites();
        var applied = new UserRecords(
            new OnlineRecord { Since = Start, LastActiveAt = Start, Status = PresenceStatus.Online, Version = 5, WriteId = "w", StatusWriteId = "w" }, null);
        var transition = new Transition(Alice, applied.ViewOf(Alice), [], IsWatched: false);
        writes.Add("w", transition, Start);

        Assert.Null(writes.TakeApplied(new(Alice, default, null), Start));
        Assert.Same(transition, writes.TakeApplied(new(Alice, applied, "1"), Start));
        Assert.Null(writes.TakeApplied(new(Alice, applied, "1"), Start));
    }

    [Fact]
    public void OfSeveralWritesOfUnknownOutcomeTheOneThatTheRecordCarriesIsAnnounced()
    {
        var writes = new UncertainWrites();
        var online = new UserRecords(
            new OnlineRecord { Since = Start, LastActiveAt = Start, Status = PresenceStatus.Online, Version = 5, WriteId = "w", StatusWriteId = "w" }, null);
        var cameOnline = new Transition(Alice, online.ViewOf(Alice), [], IsWatched: false);
        var left = cameOnline with { View = cameOnline.View with { Status = PresenceStatus.Offline, Version = 6 } };
        writes.Add("w", cameOnline, Start);
        writes.Add("x", left, Start);

        // The second may still arrive; if it does not, it is forgotten.
        Assert.Same(cameOnline, writes.TakeApplied(new(Alice, online, "1"), Start));
        Assert.Null(writes.TakeApplied(new(Alice, online, "1"), Start));
        Assert.Equal(1, writes.Count);
        Assert.Null(writes.TakeApplied(new(Alice, online, "1"), Start + Seconds(61)));
        Assert.Equal(0, writes.Count);
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
    public async Task WhatChangesNothingRaisesNothing()
    {
        var raised = new List<Outcome>();
        _instance.Engine.Changed += change => raised.Add(change.Outcome);

        await _instance.ApplyAsync(Alice, new Connected(Connection));
        await _instance.ApplyAsync(Alice, new Connected(Connection));

        Assert.Equal([Outcome.Applied], raised);
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private async Task LoseAnAnswerAsync(PresenceEvent happened)
    {
        _store.OnCommitted = _ => throw new StoreUnavailableException("lost");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _instance.ApplyAsync(Alice, happened));
        _store.OnCommitted = null;
    }
}
