using Microsoft.Extensions.Time.Testing;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Delivery;

/// <summary>Messages leave by the output binding of the function that runs, at most once; groups and connections are changed as ever.</summary>
public sealed class BindingDeliveryTests
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly FakeRealtimeService _realtime = new();
    private readonly List<StoredDuty> _kept = [];
    private readonly Instance _instance;

    public BindingDeliveryTests()
    {
        _instance = Instance.OverMemory(_store, _clock, o => o.Delivery = DeliveryMode.Binding, _realtime);
        _store.OnCommitted = _ =>
        {
            _kept.AddRange(_store.Duties);
            return Task.CompletedTask;
        };
    }

    [Fact]
    public async Task TheMessagesOfARunAreGatheredAndOnlyWhatRostersAreOwedIsKept()
    {
        var run = Begin();
        await _instance.ApplyAsync(Alice, new Activity(Start));
        await _instance.ApplyAsync(Bob, new Activity(Start));

        var message = Assert.Single(run.End());

        Assert.Equal((ClientMethod.UserStatusBatch, "conversation:lobby"), (message.Target, message.Group));
        Assert.Equal(["alice", "bob"], ((PresenceView[])message.Argument).Select(v => v.UserId));
        Assert.All(_kept, kept => Assert.True(kept.Duty is { News: null, Roster: not null }));
        Assert.Equal((0, 2, 2), (_realtime.Calls, _store.RosterWrites, _store.CrossOuts));
    }

    [Fact]
    public async Task WhereNoRosterIsConcernedNothingIsKept()
    {
        var instance = Instance.OverMemory(_store, _clock, o => (o.Delivery, o.DefaultConversation, o.Visibility) = (DeliveryMode.Binding, "", Visibility.Everybody), _realtime);
        await instance.ApplyAsync(Alice, new Watched());
        var run = instance.Get<BindingMessages>().Begin();

        await instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Single(run.End());
        Assert.Empty(_kept);
        Assert.Equal((0, 0), (_store.RosterWrites, _store.CrossOuts));
    }

    [Fact]
    public async Task RunsThatGoOnAtTheSameTimeDoNotMix()
    {
        var runs = await Task.WhenAll(Users(20).Select(user => Task.Run(async () =>
        {
            var run = Begin();
            await _instance.ApplyAsync(user, new Activity(Start));
            return (user, run.End());
        })));

        Assert.All(runs, r => Assert.Equal(r.user.ToString(), ((PresenceView)Assert.Single(r.Item2).Argument).UserId));
    }

    [Fact]
    public async Task ASweepsMessagesAreGatheredTogether()
    {
        foreach (var user in Users(30))
        {
            await _instance.ApplyAsync(user, new Activity(Start));
        }

        _clock.Advance(TimeSpan.FromMinutes(5));
        var run = Begin();
        var report = await _instance.Sweep.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal((30, 30), (report.Transitions, ((PresenceView[])Assert.Single(run.End()).Argument).Length));
    }

    [Fact]
    public async Task AWelcomeIsKeptWithoutItsNewsAndItsSnapshotIsGatheredBehindThem()
    {
        _realtime.Has(Connection, Alice);
        var run = Begin();

        await _instance.ApplyAsync(Alice, new Connected(Connection));

        var kept = Assert.Single(_kept);
        Assert.Equal((null, true), (kept.Duty.News, kept.Duty.IsWelcome));
        Assert.Equal([ClientMethod.UserStatus, ClientMethod.Snapshot], run.End().Select(m => m.Target));
        Assert.True(_realtime.IsIn(Connection, "conversation:lobby"));
        Assert.Equal((0, 0), (_realtime.Sent.Count, _store.Duties.Count));
    }

    [Fact]
    public async Task ARemovalThatTheServiceRefusesIsOwed()
    {
        _realtime.Has(Connection, Alice);
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await _instance.ApplyAsync(Alice, new Connected(Connection));
        _realtime.IsOutOfReach = true;
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Left(Conversation)));
        _realtime.IsOutOfReach = false;
        Assert.Equal([Conversation], Assert.Single(_store.Duties).Duty.Exited);

        _clock.Advance(Seconds(10));
        await _clock.RunAsync(_instance.Sweep.RunAsync(TestContext.Current.CancellationToken));

        Assert.False(_realtime.IsIn(Connection, "conversation:" + Conversation));
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task ThatOneHasLeftIsGathered()
    {
        _realtime.Has(Connection, Alice);
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await _instance.ApplyAsync(Alice, new Joined("other"));
        await _instance.ApplyAsync(Alice, new Connected(Connection));
        var (run, sent) = (Begin(), _realtime.Sent.Count);

        await _instance.ApplyAsync(Alice, new Left(Conversation));

        var message = Assert.Single(run.End());
        Assert.Equal((ClientMethod.Left, Alice, new LeftMessage(Conversation)), (message.Target, message.User!.Value, message.Argument));
        Assert.Equal(sent, _realtime.Sent.Count);
    }

    [Fact]
    public async Task AConnectionThatCannotBeClosedIsOwedAndTheNewsIsGatheredOnce()
    {
        _realtime.Has(Connection, Alice);
        await _instance.ApplyAsync(Alice, new Connected(Connection));
        _realtime.IsOutOfReach = true;
        var run = Begin();
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new SignedOut()));
        Assert.Equal(PresenceStatus.Offline, ((PresenceView)Assert.Single(run.End()).Argument).Status);
        _realtime.IsOutOfReach = false;

        var sweeping = Begin();
        _clock.Advance(Seconds(10));
        await _clock.RunAsync(_instance.Sweep.RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal([Connection], _realtime.Closed);
        Assert.Empty(sweeping.End());
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task WhatHappensOutsideOfAnyRunOrAfterItsEndGoesOverTheHub()
    {
        await _instance.ApplyAsync(Alice, new Activity(Start));
        Assert.Single(_realtime.Told);
        var run = Begin();
        Assert.Empty(run.End());

        await _instance.ApplyAsync(Bob, new Activity(Start));

        Assert.Equal(["alice", "bob"], _realtime.Told.Select(v => v.UserId));
    }

    private BindingMessages.Run Begin() => _instance.Get<BindingMessages>().Begin();
}
