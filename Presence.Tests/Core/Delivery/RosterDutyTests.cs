using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Ports;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Delivery;

/// <summary>Rosters are told before clients are, and for certain.</summary>
public sealed class RosterDutyTests
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly FakeRealtimeService _realtime = new();
    private readonly Instance _instance;

    public RosterDutyTests() => _instance = Instance.OverMemory(_store, _clock, realtime: _realtime);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhoHearsOfAChangeFindsItInTheRoster()
    {
        List<int> found = [];
        _realtime.OnCall = async what =>
        {
            if (what == "send conversation:lobby")
            {
                found.Add(await _store.RosterAsync("lobby", Cancellation).CountAsync(Cancellation));
            }
        };

        await _instance.ApplyAsync(Alice, new Activity(Start));
        await _instance.ApplyAsync(Bob, new Activity(Start));
        await _instance.ApplyAsync(Alice, new SignedOut());

        Assert.Equal([1, 2, 1], found);
    }

    [Fact]
    public async Task ARosterThatCannotBeWrittenIsWrittenByASweepAndClientsAreToldAtOnce()
    {
        _store.OnWriteRoster = (_, _) => throw new StoreUnavailableException("out of reach");

        var change = await _instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Equal(change.After.ViewOf(Alice), Assert.Single(_realtime.Told));
        Assert.Single(_store.Duties);
        Assert.Empty(await RosterAsync());
        _store.OnWriteRoster = null;
        await SweepLaterAsync();
        Assert.Equal(change.After.ViewOf(Alice), Assert.Single(await RosterAsync()));
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task ARosterThatHangsHoldsClientsUpForASecond()
    {
        _store.OnWriteRoster = (_, _) => new TaskCompletionSource().Task;

        var call = _instance.ApplyAsync(Alice, new Activity(Start));
        _clock.Advance(Seconds(1) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(_realtime.Told);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await call;

        Assert.Single(_realtime.Told);
        Assert.Single(_store.Duties);
    }

    [Fact]
    public async Task WhatIsTakenOverByASweepIsNotWrittenByWhoStoodStill()
    {
        _store.OnCommitted = _ =>
        {
            _clock.Advance(PresenceEngine.HeadStart);
            return Task.CompletedTask;
        };

        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Activity(Start)));

        Assert.Equal((0, 1), (_store.RosterWrites, _store.Duties.Count));
    }

    [Fact]
    public async Task ASweepWritesWhatTheRecordSaysByThen()
    {
        _store.OnWriteRoster = (_, _) => throw new StoreUnavailableException("out of reach");
        await _instance.ApplyAsync(Alice, new Activity(Start));
        _store.OnWriteRoster = null;
        await _instance.ApplyAsync(Alice, new Joined(Conversation));

        await SweepLaterAsync();

        Assert.Empty(await RosterAsync());
        Assert.Equal("alice", Assert.Single(await RosterAsync(Conversation)).UserId);
    }

    [Fact]
    public async Task WhoIsPutIntoAConversationWhileAwayIsInItsRoster()
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        Assert.Equal(PresenceStatus.Offline, Assert.Single(await RosterAsync(Conversation)).Status);

        await _instance.ApplyAsync(Alice, new Left(Conversation));
        Assert.Empty(await RosterAsync(Conversation));
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task WhoIsForgottenIsInNoRoster()
    {
        await _instance.ApplyAsync(Guest, new Joined(Conversation));
        await _instance.ApplyAsync(Guest, new Activity(Start));
        await _instance.ApplyAsync(Guest, new SignedOut());
        _clock.Advance(TimeSpan.FromDays(60));

        await _instance.ApplyAsync(Guest, new Retired(_clock.GetUtcNow()));

        Assert.Empty(await RosterAsync(Conversation));
    }

    [Fact]
    public async Task AConnectionWhoseUserIsInTheRosterIsWelcomedWithoutAskingForTheRecordAgain()
    {
        await _instance.ApplyAsync(Alice, new Activity(Start));
        _realtime.Has(Connection, Alice);
        var loads = _store.Loads;

        await _instance.ApplyAsync(Alice, new Connected(Connection));

        Assert.Equal(loads + 1, _store.Loads);
        Assert.Equal("alice", Assert.Single(((Snapshot)_realtime.Sent.Single(m => m.Connection == Connection).Argument).Conversations[0].Users).UserId);
    }

    private async Task<List<PresenceView>> RosterAsync(string conversation = "lobby") =>
        await _store.RosterAsync(conversation, Cancellation).Select(m => m.View).ToListAsync(Cancellation);

    private async Task SweepLaterAsync()
    {
        _clock.Advance(PresenceEngine.HeadStart);
        Assert.Equal(0, (await _clock.RunAsync(_instance.Sweep.RunAsync(Cancellation))).DutiesLeft);
    }
}
