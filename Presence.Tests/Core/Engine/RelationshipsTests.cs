using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Live;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rosters;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Engine;

/// <summary>What the application says of two users, as both of them and others hear it.</summary>
public sealed class RelationshipsTests : IAsyncLifetime
{
    private const string OfBob = "b1";

    private static readonly PresenceKey Carol = PresenceKey.Registered("carol");

    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly FakeRealtimeService _realtime = new();
    private readonly Instance _instance;

    public RelationshipsTests() => _instance = Instance.OverMemory(_store, _clock, realtime: _realtime);

    private Relationships Relationships => _instance.Get<Relationships>();

    [Fact]
    public async Task NeitherOfABlockedPairHearsOfTheOtherAndEverybodyElseDoes()
    {
        await AllAreHereAsync();
        await Relationships.BlockAsync(Alice, Bob, holds: true, Cancellation);

        await _instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy)));
        await _instance.ApplyAsync(Bob, new Chosen(ChoiceSource.User, new(ChosenAvailability.Away)));

        Assert.Equal([PresenceStatus.Offline], Heard(OfBob, Alice).Select(v => v.Status));
        Assert.Equal([PresenceStatus.Offline], Heard(Connection, Bob).Select(v => v.Status));
        Assert.Equal([Availability.Busy], Heard("carol1", Alice).Select(v => v.Availability));
        Assert.Equal([Availability.Away], Heard("carol1", Bob).Select(v => v.Availability));
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task NorOfItsLiveStatesAndOneLookAtWhomToLeaveOutServesASecond()
    {
        await AllAreHereAsync();
        await Relationships.BlockAsync(Alice, Bob, holds: true, Cancellation);
        var states = _instance.Get<LiveStates>();

        await states.TellAsync(Alice, Conversation, JsonDocument.Parse("1").RootElement, Seconds(10), Cancellation);
        var requests = _store.Requests;
        for (var i = 2; i <= 3; i++)
        {
            await states.TellAsync(Alice, Conversation, JsonDocument.Parse($"{i}").RootElement, Seconds(10), Cancellation);
        }

        Assert.Equal(["1", "2", "3"], States("carol1"));
        Assert.Empty(States(OfBob));
        Assert.Equal(requests, _store.Requests);

        await Relationships.BlockAsync(Alice, Bob, holds: false, Cancellation);
        await states.TellAsync(Alice, Conversation, JsonDocument.Parse("4").RootElement, Seconds(10), Cancellation);
        Assert.Equal(["4"], States(OfBob));

        IEnumerable<string> States(string connection) =>
            _realtime.Heard(connection).Where(m => m.Target == ClientMethod.State).Select(m => ((LiveState)m.Argument).State.GetRawText());
    }

    [Fact]
    public async Task WhoeverIsBlockedFindsTheOtherGoneSinceThenWhereverItLooks()
    {
        await AllAreHereAsync();
        var before = await _instance.ViewAsync(Alice);
        await Relationships.BlockAsync(Alice, Bob, holds: true, Cancellation);
        _clock.Advance(Seconds(100));
        await _instance.ApplyAsync(Alice, new Activity(_clock.GetUtcNow()));

        var told = Heard(OfBob, Alice).Single();
        var looked = Assert.Single(await _instance.Get<PresenceReader>().ReadAsync(Bob, [Alice], Cancellation));
        var roster = await _instance.Get<ConversationDirectory>().ReadAsync(Bob, Conversation, Cancellation);

        Assert.Equal((before.LastActiveAt, before.LastActiveAt), (told.LastActiveAt, told.LastSeenAt));
        Assert.Equal(told, looked);
        Assert.Equal(told, roster.Members.Single(m => m.UserId == "alice"));
        Assert.Equal(new Occupancy(3, 2, 0), roster.Occupancy);
        var summary = Assert.Single(await _instance.Get<ConversationDirectory>().ListAsync(Bob, Cancellation));
        Assert.Equal(roster.Occupancy, summary.Occupancy);
    }

    [Fact]
    public async Task ASnapshotSaysTheSame()
    {
        await AllAreHereAsync();
        await Relationships.BlockAsync(Alice, Bob, holds: true, Cancellation);
        _realtime.Has("b2", Bob);

        await _clock.RunAsync(_instance.ApplyAsync(Bob, new Connected("b2", _clock.GetUtcNow(), Watching: [Alice])));

        var snapshot = Assert.IsType<Snapshot>(_realtime.Heard("b2").Single(m => m.Target == ClientMethod.Snapshot).Argument);
        Assert.Equal(["bob", "carol"], Assert.Single(snapshot.Conversations).Users.Select(u => u.UserId));
        Assert.Equal(PresenceStatus.Offline, Assert.Single(snapshot.Users).Status);
    }

    [Fact]
    public async Task ANewConnectionOfABlockedUserListensOnlyWhenWhoeverTellsNewsFindsIt()
    {
        await AllAreHereAsync();
        await Relationships.BlockAsync(Alice, Bob, holds: true, Cancellation);
        _realtime.Has("b2", Bob);
        var connecting = _instance.ApplyAsync(Bob, new Connected("b2", _clock.GetUtcNow()));

        await Task.Run(async () =>
        {
            // Committed, as it is in the record, and not yet in the group.
            while ((await _store.LoadAsync(Bob, Cancellation)).Records.Connections.Open.Length < 2)
            {
                await Task.Yield();
            }
        }, Cancellation);
        _clock.Advance(Seconds(2.4));
        Assert.False(_realtime.IsIn("b2", "conversation:" + Conversation));
        await _clock.RunAsync(connecting);

        Assert.True(_realtime.IsIn("b2", "conversation:" + Conversation));
    }

    [Fact]
    public async Task WhoeverTellsNewsSoLateThatSomebodyMayListenByNowLeavesItToTheSweep()
    {
        await AllAreHereAsync();
        await Relationships.BlockAsync(Alice, Bob, holds: true, Cancellation);
        _realtime.OnCall = what =>
        {
            if (what.StartsWith("send conversation:", StringComparison.Ordinal))
            {
                _clock.Advance(Seconds(3));
                throw new TimeoutException();
            }

            return Task.CompletedTask;
        };

        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy))));

        Assert.Single(_store.Duties);
        _realtime.OnCall = null;
        _clock.Advance(Seconds(10));
        await _instance.Sweep.RunAsync(Cancellation);
        Assert.Equal([Availability.Busy], Heard("carol1", Alice).Select(v => v.Availability));
        Assert.Equal([PresenceStatus.Offline], Heard(OfBob, Alice).Select(v => v.Status));
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task BothAreToldOfEachOtherWhenTheBlockEnds()
    {
        await AllAreHereAsync();
        await Relationships.BlockAsync(Alice, Bob, holds: true, Cancellation);

        await Relationships.BlockAsync(Bob, Alice, holds: false, Cancellation);

        Assert.Equal([PresenceStatus.Offline, PresenceStatus.Online], Heard(OfBob, Alice).Select(v => v.Status));
        Assert.Equal([PresenceStatus.Offline, PresenceStatus.Online], Heard(Connection, Bob).Select(v => v.Status));
        Assert.Equal(Heard(OfBob, Alice).Select(v => v.Version).Order(), Heard(OfBob, Alice).Select(v => v.Version));
        Assert.Empty(Heard("carol1", Alice).Concat(Heard("carol1", Bob)));
    }

    [Fact]
    public async Task WhoeverNeverKnewTheOtherIsToldNothing()
    {
        await IsHereAsync(Alice, Connection, Conversation);
        await IsHereAsync(Bob, OfBob, "elsewhere");

        await Relationships.BlockAsync(Alice, Bob, holds: true, Cancellation);
        await Relationships.BlockAsync(Alice, Bob, holds: false, Cancellation);

        Assert.Empty(Heard(OfBob, Alice).Concat(Heard(Connection, Bob)));
    }

    [Fact]
    public async Task AnAllowedViewerWatchesAndIsToldTheEnd()
    {
        await IsHereAsync(Alice, Connection, Conversation);
        await Relationships.AllowAsync(Alice, Bob, holds: true, Cancellation);
        await _instance.ApplyAsync(Alice, new Watched());
        await IsHereAsync(Bob, OfBob, "elsewhere", watching: [Alice]);
        await _instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy)));
        Assert.Equal([Availability.Busy], Heard(OfBob, Alice).Select(v => v.Availability));

        await Relationships.AllowAsync(Alice, Bob, holds: false, Cancellation);

        Assert.Equal((PresenceStatus.Offline, null), (Heard(OfBob, Alice)[^1].Status, Heard(OfBob, Alice)[^1].LastSeenAt));
        await Relationships.AllowAsync(Alice, Carol, holds: true, Cancellation);
        await _instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, null));
        Assert.Equal(2, Heard(OfBob, Alice).Count);
        Assert.False(_realtime.IsIn(OfBob, "user:alice|"));
    }

    [Fact]
    public async Task AConversationIsBlockedForItsMembersOfTodayAndForLaterOnes()
    {
        await AllAreHereAsync();
        var (later, ofLater) = (Guest, "g1");
        await IsHereAsync(later, ofLater, Conversation);
        await Relationships.JoinAsync(Bob, "x", Cancellation);

        await Relationships.BlockInAsync(Alice, "x", holds: true, Cancellation);
        await _clock.RunAsync(Relationships.JoinAsync(later, "x", Cancellation));
        Assert.Equal([Connection], _realtime.Closed);
        await IsHereAsync(Alice, OtherConnection);

        Assert.Equal([PresenceStatus.Offline], Heard(OfBob, Alice).Select(v => v.Status));
        foreach (var (user, choice) in new[] { (Alice, "one"), (Bob, "two"), (later, "three") })
        {
            await _instance.ApplyAsync(user, new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy, choice)));
        }

        Assert.Equal(["one", "two", "three"], _realtime.Heard("carol1").SelectMany(m => m.Views).Select(v => v.Text).OfType<string>().Distinct());
        Assert.Equal(["two", "three"], _realtime.Heard(OfBob).SelectMany(m => m.Views).Select(v => v.Text).OfType<string>().Distinct());
        Assert.Equal(["two", "three"], _realtime.Heard(ofLater).SelectMany(m => m.Views).Select(v => v.Text).OfType<string>().Distinct());
        Assert.Equal(["one"], _realtime.Heard(OtherConnection).SelectMany(m => m.Views).Select(v => v.Text).OfType<string>().Distinct());
        var roster = await _instance.Get<ConversationDirectory>().ReadAsync(Alice, Conversation, Cancellation);
        Assert.Equal(["alice", "carol"], roster.Members.Where(m => m.IsOnline).Select(m => m.UserId));
        roster = await _instance.Get<ConversationDirectory>().ReadAsync(Bob, Conversation, Cancellation);
        Assert.Equal(["anon:guest", "bob", "carol"], roster.Members.Where(m => m.IsOnline).Select(m => m.UserId));
    }

    [Fact]
    public async Task WhoeverJoinsWhileItsRosterCannotBeWrittenRemembersWhoHasBlockedItByThen()
    {
        await AllAreHereAsync();
        _store.OnWriteRoster = (conversation, _) => conversation == "x" ? throw new StoreUnavailableException("out of reach") : Task.CompletedTask;
        await Relationships.JoinAsync(Bob, "x", Cancellation);
        await Relationships.BlockInAsync(Alice, "x", holds: true, Cancellation);
        Assert.Empty((await _store.LoadAsync(Bob, Cancellation)).Records.Relations.Guarded);

        _store.OnWriteRoster = null;
        _clock.Advance(Seconds(10));
        await _clock.RunAsync(_instance.Sweep.RunAsync(Cancellation));

        Assert.Equal(["x"], (await _store.LoadAsync(Bob, Cancellation)).Records.Relations.Guarded);
        await _instance.ApplyAsync(Bob, new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy)));
        Assert.DoesNotContain(Heard(Connection, Bob), v => v.Availability == Availability.Busy);
        Assert.Contains(Heard("carol1", Bob), v => v.Availability == Availability.Busy);
    }

    [Fact]
    public async Task TheEndOfABlockOfAConversationThatIsToldLateTellsHowThingsStandByThen()
    {
        await AllAreHereAsync();
        await _instance.ApplyAsync(Bob, new Joined("x"));
        await Relationships.BlockInAsync(Alice, "x", holds: true, Cancellation);
        var isOut = true;
        _realtime.OnCall = what => isOut && what.StartsWith("send", StringComparison.Ordinal) ? throw new TimeoutException() : Task.CompletedTask;
        await Relationships.BlockInAsync(Alice, "x", holds: false, Cancellation);
        await _instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible)));

        isOut = false;
        _clock.Advance(Seconds(30));
        await _clock.RunAsync(_instance.Sweep.RunAsync(Cancellation));

        Assert.Empty(_store.Duties);
        Assert.DoesNotContain(Heard(OfBob, Alice), v => v.IsOnline);
    }

    [Fact]
    public async Task WhenTheLastBlockOfAConversationEndsNobodyRemembersIt()
    {
        await AllAreHereAsync();
        await Relationships.JoinAsync(Bob, "x", Cancellation);
        await Relationships.BlockInAsync(Alice, "x", holds: true, Cancellation);
        await Relationships.BlockInAsync(Carol, "x", holds: true, Cancellation);
        await Relationships.BlockInAsync(Alice, "x", holds: false, Cancellation);
        Assert.Equal(["x"], (await _store.LoadAsync(Bob, Cancellation)).Records.Relations.Guarded);
        Assert.Equal(PresenceStatus.Online, Heard(OfBob, Alice)[^1].Status);

        await Relationships.BlockInAsync(Carol, "x", holds: false, Cancellation);

        Assert.Empty((await _store.LoadAsync(Bob, Cancellation)).Records.Relations.Guarded);
        Assert.Empty(await _store.BlockersAsync("x", Cancellation));
    }

    [Fact]
    public async Task WhatStandsOfAUserInTheRecordsOfOthersEnds()
    {
        await AllAreHereAsync();
        await Relationships.JoinAsync(Carol, "x", Cancellation);
        await Relationships.BlockAsync(Bob, Alice, holds: true, Cancellation);
        await Relationships.AllowAsync(Alice, Guest, holds: true, Cancellation);
        await Relationships.AllowAsync(Carol, Alice, holds: true, Cancellation);
        await Relationships.BlockInAsync(Alice, "x", holds: true, Cancellation);

        await Relationships.EndAsync(Alice, (await _store.LoadAsync(Alice, Cancellation)).Records.Relations, Cancellation);

        foreach (var other in new[] { Bob, Carol, Guest })
        {
            Assert.True((await _store.LoadAsync(other, Cancellation)).Records.Relations.AreNone);
        }

        Assert.Empty(await _store.BlockersAsync("x", Cancellation));
    }

    [Fact]
    public async Task NewsWithSoManyToLeaveOutClosesTheConnectionsThatDoNotGoIntoOneMessage()
    {
        await AllAreHereAsync();
        foreach (var connection in Enumerable.Range(0, 155).Select(i => $"more-{i}"))
        {
            _realtime.Has(connection, Bob);
            await _instance.ApplyAsync(Bob, new Connected(connection, _clock.GetUtcNow()));
        }

        await Relationships.BlockAsync(Alice, Bob, holds: true, Cancellation);
        await _instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy)));

        Assert.Equal(6, _realtime.Closed.Count);
        Assert.DoesNotContain(Enumerable.Range(0, 155), i => Heard($"more-{i}", Alice).Any(v => v.IsOnline));
        Assert.Equal([Availability.Busy], Heard("carol1", Alice).Select(v => v.Availability));
    }

    [Fact]
    public async Task WhatCannotBeIsRefusedByName()
    {
        await RefusedAsync("otherId", () => Relationships.BlockAsync(Alice, Alice, holds: true, Cancellation));
        await RefusedAsync("viewerId", () => Relationships.AllowAsync(Alice, Alice, holds: true, Cancellation));
        await RefusedAsync("conversationId", () => Relationships.BlockInAsync(Alice, "lobby", holds: true, Cancellation));

        static async Task RefusedAsync(string field, Func<Task> say) =>
            Assert.StartsWith(field, (await Assert.ThrowsAsync<InvalidInputException>(say)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereEverybodySeesEverybodyABlockedPairDoesNot()
    {
        await using var instance = Instance.OverMemory(_store, _clock, o => o.Visibility = Visibility.Everybody, _realtime);
        await instance.ApplyAsync(Alice, new Watched());
        await IsHereAsync(Alice, Connection, Conversation);
        _realtime.Has(OfBob, Bob);
        await instance.ApplyAsync(Bob, new Connected(OfBob, _clock.GetUtcNow(), Watching: [Alice]));
        Assert.True(_realtime.IsIn(OfBob, "user:alice"));

        await instance.Get<Relationships>().BlockAsync(Alice, Bob, holds: true, Cancellation);
        await instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy)));

        Assert.Equal([PresenceStatus.Offline], Heard(OfBob, Alice).Select(v => v.Status));
    }

    [Fact]
    public async Task WhoeverWasToldThatOneLeftHearsOfItAgainWhereBothShareAConversation()
    {
        await IsHereAsync(Alice, Connection, Conversation);
        await Relationships.AllowAsync(Alice, Bob, holds: true, Cancellation);
        await _instance.ApplyAsync(Alice, new Watched());
        await IsHereAsync(Bob, OfBob, "elsewhere", watching: [Alice]);
        await Relationships.AllowAsync(Alice, Bob, holds: false, Cancellation);
        var left = Heard(OfBob, Alice).Single();

        await Relationships.JoinAsync(Alice, "elsewhere", Cancellation);

        var back = Heard(OfBob, Alice)[^1];
        Assert.Equal((PresenceStatus.Offline, PresenceStatus.Online), (left.Status, back.Status));
        Assert.True(back.Version > left.Version);
    }

    [Fact]
    public async Task APairThatAConversationKeepsApartIsToldNothingOfItsOwnBlock()
    {
        await AllAreHereAsync();
        await Relationships.JoinAsync(Bob, "x", Cancellation);
        await Relationships.BlockInAsync(Alice, "x", holds: true, Cancellation);
        _realtime.ForgetHeard();

        await Relationships.BlockAsync(Alice, Bob, holds: true, Cancellation);
        await Relationships.BlockInAsync(Alice, "x", holds: false, Cancellation);

        Assert.Empty(Heard(OfBob, Alice));
        await Relationships.BlockAsync(Alice, Bob, holds: false, Cancellation);
        Assert.Equal([PresenceStatus.Online], Heard(OfBob, Alice).Select(v => v.Status));
    }

    [Fact]
    public async Task TheEndOfABlockIsNotToldLateOnceItStandsAgain()
    {
        await AllAreHereAsync();
        await Relationships.BlockAsync(Alice, Bob, holds: true, Cancellation);
        _realtime.OnCall = _ => throw new Presence.Core.Ports.RealtimeUnavailableException("refused");
        await _clock.RunAsync(Relationships.BlockAsync(Alice, Bob, holds: false, Cancellation));
        _realtime.OnCall = null;
        await _clock.RunAsync(Relationships.BlockAsync(Alice, Bob, holds: true, Cancellation));

        _clock.Advance(Seconds(30));
        await _clock.RunAsync(_instance.Sweep.RunAsync(Cancellation));

        Assert.DoesNotContain(Heard(OfBob, Alice), v => v.IsOnline);
        Assert.DoesNotContain(Heard(Connection, Bob), v => v.IsOnline);
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task WhoeverLeavesHearsNothingMoreAlthoughItWaitsWithEntering()
    {
        await AllAreHereAsync();
        await Relationships.BlockAsync(Alice, Bob, holds: true, Cancellation);
        await IsHereAsync(Bob, "b2");
        var group = "conversation:" + Conversation;
        Assert.True(_realtime.IsIn("b2", group));

        var leaving = _instance.ApplyAsync(Bob, new Left(Conversation));

        await Task.Run(
            async () =>
            {
                while (_realtime.IsIn("b2", group) || _realtime.IsIn(OfBob, group))
                {
                    await Task.Yield();
                }
            },
            Cancellation);
        Assert.False(_realtime.IsIn("b2", "conversation:lobby"));
        await _clock.RunAsync(leaving);
    }

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IReadOnlyList<PresenceView> Heard(string connection, PresenceKey user) =>
        [.. _realtime.Heard(connection).Where(m => m.Target != ClientMethod.Snapshot).SelectMany(m => m.Views).Where(v => v.UserId == user.ToString())];

    /// <summary>Alice, Bob and Carol in one conversation, and nothing heard of since.</summary>
    private async Task AllAreHereAsync()
    {
        await IsHereAsync(Alice, Connection, Conversation);
        await IsHereAsync(Bob, OfBob, Conversation);
        await IsHereAsync(Carol, "carol1", Conversation);
        _realtime.ForgetHeard();
    }

    private async Task IsHereAsync(PresenceKey user, string connection, string? conversation = null, PresenceKey[]? watching = null)
    {
        if (conversation is not null)
        {
            await _instance.ApplyAsync(user, new Joined(conversation));
        }

        _realtime.Has(connection, user);
        await _clock.RunAsync(_instance.ApplyAsync(user, new Connected(connection, _clock.GetUtcNow(), Watching: [.. watching ?? []])));
    }
}
