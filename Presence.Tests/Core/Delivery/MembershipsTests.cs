using Microsoft.Extensions.Time.Testing;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Delivery;

public sealed class MembershipsTests
{
    private const string Group = "conversation:" + Conversation;

    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly FakeRealtimeService _realtime = new();
    private readonly Instance _instance;

    public MembershipsTests() => _instance = Create();

    [Fact]
    public async Task ANewConnectionEntersItsGroupsAndIsToldWhoIsThere()
    {
        await _instance.ApplyAsync(Bob, new Joined(Conversation));
        await _instance.ApplyAsync(Bob, new Activity(Start));
        await _instance.ApplyAsync(Alice, new Joined(Conversation));

        await ConnectAsync(Connection, watching: [Guest]);

        Assert.True(_realtime.IsIn(Connection, Group) && _realtime.IsIn(Connection, "user:anon:guest"));
        var snapshot = Assert.Single(Snapshots(Connection));
        Assert.Equal(["alice", "bob"], Assert.Single(snapshot.Conversations).Users.Select(u => u.UserId));
        Assert.Equal("anon:guest", Assert.Single(snapshot.Users).UserId);
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task AMemberAddedHearsTheConversationIsToldWhoIsThereAndOthersAreToldOfIt()
    {
        await ConnectAsync(Connection);
        await ConnectAsync(OtherConnection);
        var before = (Snapshots(Connection).Count, Snapshots(OtherConnection).Count);

        await _instance.ApplyAsync(Alice, new Joined(Conversation));

        Assert.All([Connection, OtherConnection], c => Assert.Equal((true, false), (_realtime.IsIn(c, Group), _realtime.IsIn(c, "conversation:lobby"))));
        Assert.Equal((before.Item1 + 1, before.Item2 + 1), (Snapshots(Connection).Count, Snapshots(OtherConnection).Count));
        Assert.Equal(Conversation, Assert.Single(Snapshots(Connection)[^1].Conversations).ConversationId);
        Assert.Equal("alice", Assert.Single(_realtime.ToldTo(Group)).UserId);
    }

    /// <summary>Whichever call of the first try fails, and whether the service has done it or not.</summary>
    [Theory]
    [InlineData("exit", false)]
    [InlineData("exit", true)]
    [InlineData("enter", false)]
    [InlineData("enter", true)]
    [InlineData("send " + Group, false)]
    [InlineData("send " + Group, true)]
    [InlineData("send " + Connection, false)]
    [InlineData("send " + Connection, true)]
    public async Task ARepeatMakesGoodAFirstTryThatFailedHalfWay(string failing, bool isDone)
    {
        await ConnectAsync(Connection);
        Func<string, Task> fail = what =>
            what.StartsWith(failing, StringComparison.Ordinal) ? throw new RealtimeUnavailableException("refused") : Task.CompletedTask;
        _realtime.OnCall = isDone ? null : fail;
        _realtime.OnCalled = isDone ? fail : null;
        Assert.Equal(Outcome.Applied, (await _clock.RunAsync(_instance.ApplyAsync(Alice, new Joined(Conversation)))).Outcome);
        (_realtime.OnCall, _realtime.OnCalled) = (null, null);
        Assert.Single(_store.Duties);
        var (told, snapshots) = (_realtime.ToldTo(Group).Count, Snapshots(Connection).Count);

        await _instance.ApplyAsync(Alice, new Joined(Conversation));

        Assert.True(_realtime.IsIn(Connection, Group));
        Assert.Equal((told + 1, snapshots + 1), (_realtime.ToldTo(Group).Count, Snapshots(Connection).Count));
        Assert.Equal(Conversation, Assert.Single(Snapshots(Connection)[^1].Conversations).ConversationId);

        // What the repeat does not know of, the default conversation, is made good by the sweep.
        await SweepLaterAsync();
        Assert.False(_realtime.IsIn(Connection, "conversation:lobby"));
        Assert.True(_realtime.IsIn(Connection, Group));
        Assert.Single(_realtime.ToldTo(Group).Distinct());
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task AFirstTryThatFailedIsMadeGoodByTheSweepAlone()
    {
        await ConnectAsync(Connection);
        _realtime.IsOutOfReach = true;
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Joined(Conversation)));
        _realtime.IsOutOfReach = false;

        await SweepLaterAsync();

        Assert.Equal((true, false), (_realtime.IsIn(Connection, Group), _realtime.IsIn(Connection, "conversation:lobby")));
        Assert.Equal("alice", Assert.Single(_realtime.ToldTo(Group)).UserId);
        Assert.Equal(Conversation, Assert.Single(Snapshots(Connection)[^1].Conversations).ConversationId);
    }

    [Fact]
    public async Task ARemovalEndsWhenNoConnectionHearsTheConversation()
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await ConnectAsync(Connection);
        await ConnectAsync(OtherConnection);

        await _instance.ApplyAsync(Alice, new Left(Conversation));

        Assert.All([Connection, OtherConnection], c => Assert.Equal((false, true), (_realtime.IsIn(c, Group), _realtime.IsIn(c, "conversation:lobby"))));
        Assert.Empty(_store.Duties);
        await _instance.ApplyAsync(Bob, new Joined(Conversation));
        await _instance.ApplyAsync(Bob, new Activity(Start));
        Assert.DoesNotContain(_realtime.Heard(Connection), m => m.Group == Group);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ARemovalThatTheServiceRefusesIsOwedAndDoneByTheSweep(bool hangs)
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await ConnectAsync(Connection);
        _realtime.OnCall = what => !what.StartsWith("exit", StringComparison.Ordinal) ? Task.CompletedTask
            : hangs ? new TaskCompletionSource().Task
            : throw new RealtimeUnavailableException("refused");

        var change = await _clock.RunAsync(_instance.ApplyAsync(Alice, new Left(Conversation)));

        Assert.Equal((Outcome.Applied, true), (change.Outcome, _realtime.IsIn(Connection, Group)));
        Assert.Equal([Conversation], Assert.Single(_store.Duties).Duty.Exited);
        _realtime.OnCall = null;
        await SweepLaterAsync();
        Assert.False(_realtime.IsIn(Connection, Group));
    }

    [Fact]
    public async Task RepeatingARemovalIsSafeAndRemovesWhoHearsNonetheless()
    {
        await ConnectAsync(Connection);
        await _realtime.EnterGroupAsync(Connection, Group, TestContext.Current.CancellationToken);

        await _instance.ApplyAsync(Alice, new Left(Conversation));
        await _instance.ApplyAsync(Alice, new Left(Conversation));

        Assert.Equal((false, true), (_realtime.IsIn(Connection, Group), _realtime.IsIn(Connection, "conversation:lobby")));
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task WhoIsTakenOutIsToldOnceOnAllConnectionsAndNobodyElseIs()
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await _instance.ApplyAsync(Alice, new Joined("other"));
        await ConnectAsync(Connection);
        await ConnectAsync(OtherConnection);
        _realtime.Has("c3", Bob);
        await _instance.ApplyAsync(Bob, new Connected("c3"));
        await _instance.ApplyAsync(Bob, new Joined(Conversation));
        var (sent, asked) = (_realtime.Sent.Count, _realtime.Calls);

        await _instance.ApplyAsync(Alice, new Left(Conversation));

        var told = Assert.Single(_realtime.Sent.Skip(sent));
        Assert.Equal((ClientMethod.Left, Alice, new LeftMessage(Conversation)), (told.Target, told.User, told.Argument));
        Assert.All([Connection, OtherConnection], c => Assert.Equal(told, _realtime.Heard(c)[^1]));
        Assert.DoesNotContain(_realtime.Heard("c3"), m => m.Target == ClientMethod.Left && m.Argument is LeftMessage { ConversationId: Conversation });

        // To leave the group, and to tell it.
        Assert.Equal(2, _realtime.Calls - asked);
    }

    [Fact]
    public async Task WhoHasNoConnectionIsToldNothing()
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await _instance.ApplyAsync(Alice, new Activity(Start));

        await _instance.ApplyAsync(Alice, new Left(Conversation));

        Assert.DoesNotContain(_realtime.Sent, m => m.Target == ClientMethod.Left);
    }

    [Fact]
    public async Task WhoseConnectionsAreClosedAnywayFindsOutOnComingBack()
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await ConnectAsync(Connection, watching: [Bob]);

        await using var strict = Instance.OverMemory(_store, _clock, o => o.Visibility = Visibility.Conversations, _realtime);
        await strict.ApplyAsync(Alice, new Left(Conversation));

        Assert.Equal([Connection], _realtime.Closed);
        Assert.DoesNotContain(_realtime.Sent, m => m.Target == ClientMethod.Left);
    }

    [Fact]
    public async Task TheFirstConversationIsJoinedAndTheDefaultOneLeft()
    {
        await ConnectAsync(Connection);

        await _instance.ApplyAsync(Alice, new Joined(Conversation));

        Assert.Equal([new LeftMessage("lobby")], _realtime.Heard(Connection).Where(m => m.Target == ClientMethod.Left).Select(m => m.Argument));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ThatOneHasLeftIsToldByTheSweepWhereItCouldNotBeAndMayBeToldTwice(bool isDone)
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await ConnectAsync(Connection);
        Func<string, Task> fail = what => what == "send to alice" ? throw new RealtimeUnavailableException("refused") : Task.CompletedTask;
        (_realtime.OnCall, _realtime.OnCalled) = isDone ? (null, fail) : (fail, (Func<string, Task>?)null);

        Assert.Equal(Outcome.Applied, (await _clock.RunAsync(_instance.ApplyAsync(Alice, new Left(Conversation)))).Outcome);
        (_realtime.OnCall, _realtime.OnCalled) = (null, null);
        Assert.False(_realtime.IsIn(Connection, Group));
        await SweepLaterAsync();

        // The first try is two calls: the gate makes a second one.
        Assert.Equal(isDone ? 3 : 1, _realtime.Heard(Connection).Count(m => m.Argument is LeftMessage { ConversationId: Conversation }));
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task WhoIsInAgainIsShownTheConversationAfterItWasToldThatItHasLeft()
    {
        await _instance.ApplyAsync(Alice, new Joined("other"));
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await ConnectAsync(Connection);
        await using var other = Create();
        _realtime.OnCall = async what =>
        {
            if (what == "send to alice")
            {
                _realtime.OnCall = null;
                await other.ApplyAsync(Alice, new Joined(Conversation));
            }
        };

        await _instance.ApplyAsync(Alice, new Left(Conversation));

        var last = _realtime.Heard(Connection)[^1];
        Assert.Equal(Conversation, Assert.Single(Assert.IsType<Snapshot>(last.Argument).Conversations).ConversationId);
        Assert.Contains(_realtime.Heard(Connection), m => m.Argument is LeftMessage { ConversationId: Conversation });
        Assert.True(_realtime.IsIn(Connection, Group));
    }

    [Fact]
    public async Task WhoIsRemovedBetweenConnectingAndTheWelcomeGetsNoSnapshotAndHearsNothing()
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        _realtime.Has(Connection, Alice);
        await using var other = Create();
        _realtime.OnCall = async what =>
        {
            if (what.StartsWith("enter", StringComparison.Ordinal))
            {
                // Removed, and told so, while the welcome is on its way.
                _realtime.OnCall = null;
                await other.ApplyAsync(Alice, new Left(Conversation));
            }
        };

        await _instance.ApplyAsync(Alice, new Connected(Connection));

        Assert.False(_realtime.IsIn(Connection, Group));
        Assert.DoesNotContain(Snapshots(Connection).SelectMany(s => s.Conversations), c => c.ConversationId == Conversation);
        await _instance.ApplyAsync(Bob, new Joined(Conversation));
        await _instance.ApplyAsync(Bob, new Activity(Start));
        Assert.DoesNotContain(_realtime.Heard(Connection), m => m.Group == Group);
    }

    [Fact]
    public async Task AStaleRemovalDoneLateTakesNobodyOutOfAConversationWhoIsInItAgain()
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await ConnectAsync(Connection);
        _realtime.IsOutOfReach = true;
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Left(Conversation)));
        _realtime.IsOutOfReach = false;
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        var exits = new List<string>();
        _realtime.OnCall = what =>
        {
            exits.AddRange(what == $"exit alice {Group}" ? [what] : []);
            return Task.CompletedTask;
        };

        await SweepLaterAsync();

        Assert.Empty(exits);
        Assert.True(_realtime.IsIn(Connection, Group));
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task WhoDiedAfterTakingOutSomebodyWhoIsInAgainIsFollowedByTheSweep()
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await ConnectAsync(Connection);
        var dying = Create();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource();
        _realtime.OnCall = async what =>
        {
            if (what == $"exit alice {Group}")
            {
                reached.TrySetResult();
                await go.Task;
            }
        };
        _ = dying.ApplyAsync(Alice, new Left(Conversation));
        await reached.Task;
        _realtime.OnCall = null;
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        Assert.True(_realtime.IsIn(Connection, Group));

        // It takes her out, and dies before it reads that she is in again.
        _store.OnLoad = _ => new TaskCompletionSource().Task;
        go.SetResult();
        while (_realtime.IsIn(Connection, Group))
        {
            await Task.Yield();
        }

        _store.OnLoad = null;
        var snapshots = Snapshots(Connection).Count;
        await SweepLaterAsync();

        Assert.True(_realtime.IsIn(Connection, Group));
        Assert.Equal((snapshots + 1, Conversation), (Snapshots(Connection).Count, Snapshots(Connection)[^1].Conversations[0].ConversationId));
    }

    [Theory]
    [InlineData("enter")]
    [InlineData("send " + Connection)]
    public async Task AWelcomeThatFailsClosesTheConnection(string failing)
    {
        _realtime.OnCall = what =>
            what.StartsWith(failing, StringComparison.Ordinal) ? throw new RealtimeUnavailableException("refused") : Task.CompletedTask;

        await _clock.RunAsync(ConnectAsync(Connection));

        Assert.Equal([Connection], _realtime.Closed);
        Assert.Equal(PresenceStatus.Online, Assert.Single(_realtime.Told).Status);
        _realtime.OnCall = null;
        await _instance.ApplyAsync(Alice, new Disconnected(Connection));
        await SweepLaterAsync();
        Assert.Empty(_store.Duties);
        Assert.Empty(Snapshots(Connection));
    }

    [Fact]
    public async Task AWelcomeThatStorageFailsClosesTheConnection()
    {
        _realtime.Has(Connection, Alice);
        await _instance.ApplyAsync(Alice, new Activity(Start));
        _store.OnScan = _ => throw new StoreUnavailableException("out of reach");

        await _instance.ApplyAsync(Alice, new Connected(Connection));

        Assert.Equal([Connection], _realtime.Closed);

        // Other connections of the user may have been put into groups with it: that is looked at once more.
        _store.OnScan = null;
        Assert.Single(_store.Duties);
        await SweepLaterAsync();
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task AWelcomeThatFailsInAWayNobodyForesawClosesTheConnection()
    {
        _realtime.OnCall = what => what.StartsWith("enter", StringComparison.Ordinal) ? throw new InvalidOperationException("odd") : Task.CompletedTask;

        await ConnectAsync(Connection);

        Assert.Equal([Connection], _realtime.Closed);
    }

    [Fact]
    public async Task AWelcomeThatIsDoneAndCannotBeCrossedOutClosesNothing()
    {
        _store.OnCrossOut = _ => throw new StoreUnavailableException("out of reach");

        await ConnectAsync(Connection);

        Assert.Empty(_realtime.Closed);
        Assert.Single(Snapshots(Connection));
        _store.OnCrossOut = null;
        await SweepLaterAsync();
        Assert.Empty(_store.Duties);
        Assert.Empty(_realtime.Closed);
    }

    [Fact]
    public async Task AWelcomeOfWhichNotEvenTheClosingSucceedsIsDoneByTheSweep()
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        _realtime.IsOutOfReach = true;
        await _clock.RunAsync(ConnectAsync(Connection, watching: [Bob]));
        Assert.Equal((0, 1), (_realtime.Closed.Count, _store.Duties.Count));
        _realtime.IsOutOfReach = false;

        await SweepLaterAsync();

        Assert.True(_realtime.IsIn(Connection, Group) && _realtime.IsIn(Connection, "user:bob"));
        var snapshot = Assert.Single(Snapshots(Connection));
        Assert.Equal((Conversation, "bob"), (snapshot.Conversations[0].ConversationId, snapshot.Users[0].UserId));
        Assert.Equal([Conversation, null], _realtime.Told.Distinct().Select(v => v.Joined));
        Assert.Empty(_store.Duties);
        Assert.Empty(_realtime.Closed);
    }

    [Fact]
    public async Task NewsThatWentWrongWithTheWelcomeIsOwedThoughTheConnectionIsClosed()
    {
        _realtime.OnCall = what => what.StartsWith("enter", StringComparison.Ordinal) || what.StartsWith("send", StringComparison.Ordinal)
            ? throw new RealtimeUnavailableException("refused")
            : Task.CompletedTask;
        await _clock.RunAsync(ConnectAsync(Connection));
        Assert.Equal([Connection], _realtime.Closed);
        Assert.Empty(_realtime.Told);
        _realtime.OnCall = null;
        await _instance.ApplyAsync(Alice, new Disconnected(Connection));

        await SweepLaterAsync();

        // She has left since: what has been overtaken gives way to that.
        Assert.Equal(PresenceStatus.Offline, Assert.Single(_realtime.Told.Distinct()).Status);
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task WhoIsTakenOutAndInAgainHearsOnConnectionsOpenedMeanwhileToo()
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await ConnectAsync(Connection);
        await using var other = Create();
        _realtime.OnCall = async what =>
        {
            if (what == $"exit alice {Group}")
            {
                // She is in again, and on a further connection, before she is taken out on all of them.
                _realtime.OnCall = null;
                _realtime.Has(OtherConnection, Alice);
                await other.ApplyAsync(Alice, new Joined(Conversation));
                await other.ApplyAsync(Alice, new Connected(OtherConnection));
            }
        };

        await _instance.ApplyAsync(Alice, new Left(Conversation));

        Assert.True(_realtime.IsIn(Connection, Group) && _realtime.IsIn(OtherConnection, Group));
        Assert.All([Connection, OtherConnection], c => Assert.Equal(Conversation, Snapshots(c)[^1].Conversations[0].ConversationId));
    }

    [Fact]
    public async Task AWelcomeThatHangsIsClosedWithinEightSeconds()
    {
        _realtime.OnCall = what => what.StartsWith("enter", StringComparison.Ordinal) ? new TaskCompletionSource().Task : Task.CompletedTask;
        _realtime.Has(Connection, Alice);

        var welcome = _instance.ApplyAsync(Alice, new Connected(Connection));
        _clock.Advance(Seconds(6));
        await welcome;

        Assert.Equal([Connection], _realtime.Closed);
    }

    [Theory]
    [InlineData("sign-out")]
    [InlineData("by hand")]
    [InlineData("erasure")]
    public async Task LeavingForGoodClosesTheConnectionsOrOwesIt(string how)
    {
        PresenceEvent leaves = how switch { "sign-out" => new SignedOut(), "by hand" => new SetByAdministrator(IsOnline: false), _ => new Erased() };
        await ConnectAsync(Connection);
        await ConnectAsync(OtherConnection);
        await _instance.ApplyAsync(Alice, leaves);
        Assert.Equal([Connection, OtherConnection], _realtime.Closed.Order(StringComparer.Ordinal));
        Assert.Empty(_store.Duties);

        _realtime.Has("c3", Bob);
        await _instance.ApplyAsync(Bob, new Connected("c3"));
        _realtime.IsOutOfReach = true;
        await _clock.RunAsync(_instance.ApplyAsync(Bob, leaves));
        Assert.DoesNotContain("c3", _realtime.Closed);
        Assert.True(Assert.Single(_store.Duties).Duty.Closes);

        // Whatever happens to the user meanwhile.
        _clock.Advance(Seconds(1));
        _realtime.IsOutOfReach = false;
        await _instance.ApplyAsync(Bob, new Activity(_clock.GetUtcNow()));
        await SweepLaterAsync();
        Assert.Contains("c3", _realtime.Closed);
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task AConnectionThatIsStaleIsClosedOrItIsOwed()
    {
        await _instance.ApplyAsync(Alice, new SignedOut());
        _realtime.Has(Connection, Alice);
        _realtime.IsOutOfReach = true;

        var change = await _clock.RunAsync(_instance.ApplyAsync(Alice, new Connected(Connection, NegotiatedAt: Start)));
        Assert.Equal((Outcome.Stale, 0), (change.Outcome, _realtime.Closed.Count));
        _realtime.IsOutOfReach = false;
        await SweepLaterAsync();

        Assert.Equal([Connection], _realtime.Closed);
        Assert.Empty(_realtime.Told);
    }

    [Fact]
    public async Task NewsToldLateIsNotToldInAConversationThatItsUserHasLeft()
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await _instance.ApplyAsync(Alice, new Joined("other"));
        _realtime.IsOutOfReach = true;
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Activity(_clock.GetUtcNow())));
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Left(Conversation)));
        _realtime.IsOutOfReach = false;

        await SweepLaterAsync();

        Assert.DoesNotContain(_realtime.ToldTo(Group), v => v.IsOnline);
        Assert.Equal("alice", Assert.Single(_realtime.ToldTo("conversation:other"), v => v.IsOnline).UserId);
        Assert.Empty(_store.Duties);
    }

    /// <summary>Whoever has gone offline is told where it still belongs, and of one who is erased nobody knows where that is.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ThatSomebodyHasLeftIsToldLate(bool isErased)
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await _instance.ApplyAsync(Bob, new Activity(Start));
        await _instance.ApplyAsync(Alice, new Activity(Start));
        _realtime.IsOutOfReach = true;
        await _clock.RunAsync(_instance.ApplyAsync(Bob, new SignedOut()));
        await _clock.RunAsync(_instance.ApplyAsync(Alice, isErased ? new Erased() : new SignedOut()));
        await _clock.RunAsync(isErased ? _instance.ApplyAsync(Alice, new Erased()) : Task.CompletedTask);
        _realtime.IsOutOfReach = false;

        await SweepLaterAsync();

        Assert.Equal(PresenceStatus.Offline, _realtime.ToldTo(Group)[^1].Status);
        Assert.Equal(PresenceStatus.Offline, _realtime.ToldTo("conversation:lobby")[^1].Status);
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task WhatIsTakenForASnapshotIsNotToldToWhomIsRemovedMeanwhile()
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await _instance.ApplyAsync(Alice, new Joined("other"));
        var isRemoved = false;
        _store.OnScan = async _ =>
        {
            if (!isRemoved)
            {
                isRemoved = true;
                await Create().ApplyAsync(Alice, new Left(Conversation));
            }
        };

        await ConnectAsync(Connection);

        Assert.Equal("other", Assert.Single(Assert.Single(Snapshots(Connection)).Conversations).ConversationId);
    }

    /// <summary>The welcome of one connection takes out all of the user, who is put in again meanwhile; then it is given up.</summary>
    [Fact]
    public async Task AWelcomeThatFailsAfterItHasTakenOutOtherConnectionsIsMadeGood()
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await ConnectAsync(Connection);
        var (step, other) = (0, Create());
        _realtime.OnCall = async what =>
        {
            // The second exit is of the welcome, the first of the removal itself.
            if (step == 0 && what == $"enter {OtherConnection} {Group}")
            {
                step = 1;
                await other.ApplyAsync(Alice, new Left(Conversation));
            }
            else if (step is 1 or 2 && what == $"exit alice {Group}" && ++step == 3)
            {
                await other.ApplyAsync(Alice, new Joined(Conversation));
            }
        };
        _realtime.OnCalled = what => step == 3 && what == $"exit alice {Group}" ? throw new InvalidOperationException("given up") : Task.CompletedTask;
        await _clock.RunAsync(ConnectAsync(OtherConnection));
        Assert.Equal((3, false), (step, _realtime.IsIn(Connection, Group)));
        (_realtime.OnCall, _realtime.OnCalled) = (null, null);

        await SweepLaterAsync();

        Assert.True(_realtime.IsIn(Connection, Group));
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task OneConnectionTooManyClosesTheOldest()
    {
        for (var i = 0; i <= ConnectionSet.MaxOpen; i++)
        {
            await ConnectAsync($"c{i}");
        }

        Assert.Equal(["c0"], _realtime.Closed);
        await _instance.ApplyAsync(Alice, new SignedOut());
        Assert.Equal(ConnectionSet.MaxOpen + 1, _realtime.Closed.Distinct().Count());
    }

    [Fact]
    public async Task OneTooManyThatCannotBeClosedIsClosedByTheSweep()
    {
        for (var i = 0; i < ConnectionSet.MaxOpen; i++)
        {
            await ConnectAsync($"c{i}");
        }

        _realtime.OnCall = what => what.StartsWith("close c0", StringComparison.Ordinal) ? throw new RealtimeUnavailableException("refused") : Task.CompletedTask;
        await _clock.RunAsync(ConnectAsync("new"));
        _realtime.OnCall = null;

        await SweepLaterAsync();

        Assert.Contains("c0", _realtime.Closed);
        Assert.Empty(_store.Duties);
    }

    /// <summary>A call given up may still arrive. Then nobody may have taken for done what it belongs to.</summary>
    [Fact]
    public async Task ACallThatASweepGaveUpAndThatArrivesLateIsUndone()
    {
        await ConnectAsync(Connection);
        _realtime.IsOutOfReach = true;
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Joined(Conversation)));
        _realtime.IsOutOfReach = false;
        _clock.Advance(Seconds(10));
        var entering = new TaskCompletionSource();
        _realtime.OnCall = what =>
        {
            if (!what.StartsWith("enter", StringComparison.Ordinal))
            {
                return Task.CompletedTask;
            }

            entering.TrySetResult();
            return new TaskCompletionSource().Task;
        };
        var sweep = _instance.Sweep.RunAsync(TestContext.Current.CancellationToken);
        await entering.Task;
        _realtime.OnCall = null;

        // Meanwhile another sweeps, and she is taken out again.
        Assert.Equal(0, (await Create().Sweep.RunAsync(TestContext.Current.CancellationToken)).Duties);
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Left(Conversation)));
        Assert.Equal(1, (await _clock.RunAsync(sweep)).DutiesLeft);
        await _realtime.EnterGroupAsync(Connection, Group, TestContext.Current.CancellationToken);

        await SweepLaterAsync();

        Assert.False(_realtime.IsIn(Connection, Group));
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task AConnectionOpenedMeanwhileOfOneFromWhomSomeAreHiddenListensLateToo()
    {
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await _instance.ApplyAsync(Alice, new Blocked(Guest, new(Guest, null, 0)));
        await _clock.RunAsync(ConnectAsync(Connection), Seconds(0.1));
        _clock.Advance(Seconds(10));
        await using var other = Create();
        Task? connecting = null;
        var (opened, entered) = (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);
        _realtime.OnCall = async what =>
        {
            if (what == $"exit alice {Group}" && connecting is null)
            {
                _realtime.Has(OtherConnection, Alice);
                connecting = Task.CompletedTask;
                await other.ApplyAsync(Alice, new Joined(Conversation));
                opened = _clock.GetUtcNow();
                connecting = other.ApplyAsync(Alice, new Connected(OtherConnection));
            }
            else if (what == $"enter {OtherConnection} {Group}" && _clock.GetUtcNow() < entered)
            {
                entered = _clock.GetUtcNow();
            }
        };

        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Left(Conversation)), Seconds(0.1));
        await _clock.RunAsync(connecting!, Seconds(0.1));

        Assert.True(_realtime.IsIn(OtherConnection, Group));
        Assert.InRange(entered - opened, HiddenListeners.ListensAfter, TimeSpan.MaxValue);
    }

    private IReadOnlyList<Snapshot> Snapshots(string connection) =>
        [.. _realtime.Sent.Where(m => m.Connection == connection).Select(m => (Snapshot)m.Argument)];

    private Task<Change> ConnectAsync(string connection, params PresenceKey[] watching)
    {
        _realtime.Has(connection, Alice);
        return _instance.ApplyAsync(Alice, new Connected(connection, Watching: [.. watching]));
    }

    private async Task SweepLaterAsync()
    {
        _clock.Advance(Seconds(10));
        await _clock.RunAsync(_instance.Sweep.RunAsync(TestContext.Current.CancellationToken));
    }

    private Instance Create() => Instance.OverMemory(_store, _clock, o => o.Visibility = Visibility.Everybody, _realtime);
}
