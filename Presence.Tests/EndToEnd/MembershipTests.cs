using System.Text.Json;
using Presence.Core.Options;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public abstract class MembershipTests(DeliveryMode mode) : DeliveryTests(mode)
{
    [Fact]
    public async Task JoiningWhileConnectedBringsTheSnapshotAndFromThenOnTheNews()
    {
        var system = await AnyAsync();
        var (alice, bob, carol) = (system.NewUser("alice"), system.NewUser("bob"), system.NewUser("carol"));
        var (old, other) = (Some.Conversation(), Some.Conversation());
        await system.JoinAsync(old, bob);
        await system.JoinAsync(other, alice, carol);
        await alice.ActAsync();
        await using var listener = await bob.ListenAsync();

        await system.JoinAsync(other, bob);

        var snapshot = await listener.Inbox.SnapshotAsync();
        var entered = Assert.Single(snapshot.GetProperty("conversations").EnumerateArray());
        Assert.Equal(other, entered.GetProperty("conversationId").GetString());
        Assert.Equal(3, entered.GetProperty("occupancy").GetProperty("members").GetInt32());
        Assert.Equal(new[] { alice.Id, bob.Id }, Ids(entered));
        await carol.ActAsync();
        await listener.Inbox.MustHearAsync(carol, "online");
    }

    [Fact]
    public async Task ThoseInAConversationHearWhoJoinsItOnline()
    {
        var system = await AnyAsync();
        var (alice, bob, conversation) = (system.NewUser("alice"), system.NewUser("bob"), Some.Conversation());
        await system.JoinAsync(conversation, bob);
        await system.JoinAsync(Some.Conversation(), alice);
        await alice.ActAsync();
        await using var listener = await bob.ListenAsync();

        await system.JoinAsync(conversation, alice);

        await listener.Inbox.MustHearAsync(alice, "online");
    }

    [Fact]
    public async Task ThoseWhoKnowSomebodyAlreadyHearInWhichConversationItIsNow()
    {
        var system = await AnyAsync();
        var (alice, bob, known, joined) = (system.NewUser("alice"), system.NewUser("bob"), Some.Conversation(), Some.Conversation());
        await system.JoinAsync(known, alice, bob);
        await system.JoinAsync(joined, bob);
        await using var listener = await bob.ListenAsync();
        await alice.ActAsync();
        var online = await listener.Inbox.MustHearAsync(alice, "online");

        await system.JoinAsync(joined, alice);

        var told = await listener.Inbox.MustHearAsync(alice, "online");
        Assert.Equal((online.GetProperty("version").GetInt64(), joined), (told.GetProperty("version").GetInt64(), told.GetProperty("joined").GetString()));
        Assert.False(online.TryGetProperty("joined", out _));
    }

    [Fact]
    public async Task ThoseInAConversationHearOnceOfOneWhoJoinsItAndIsNotHere()
    {
        var system = await AnyAsync();
        var (alice, bob, conversation) = (system.NewUser("alice"), system.NewUser("bob"), Some.Conversation());
        await system.JoinAsync(conversation, bob);
        await using var listener = await bob.ListenAsync();

        await system.JoinAsync(conversation, alice);
        await system.JoinAsync(conversation, alice);

        Assert.Equal(conversation, (await listener.Inbox.MustHearAsync(alice, "offline")).GetProperty("joined").GetString());
        await listener.MustHaveHeardNothingAsync(system, conversation);
    }

    [Fact]
    public async Task WhoIsTakenOutIsToldOnAllItsConnectionsAndNobodyElseIs()
    {
        var system = await AnyAsync();
        var (alice, bob, left, kept) = (system.NewUser("alice"), system.NewUser("bob"), Some.Conversation(), Some.Conversation());
        await system.JoinAsync(left, alice, bob);
        await system.JoinAsync(kept, alice, bob);
        await using var staying = await alice.ListenAsync();
        await using var one = await bob.ListenAsync();
        await using var other = await bob.ListenAsync();

        await system.LeaveAsync(left, bob);
        await system.LeaveAsync(kept, alice);

        Assert.Equal([left, left, kept], [await one.Inbox.LeavingAsync(), await other.Inbox.LeavingAsync(), await staying.Inbox.LeavingAsync()]);
    }

    [Fact]
    public async Task WhoLeftHearsNoMore()
    {
        var system = await AnyAsync();
        var (alice, bob, carol) = (system.NewUser("alice"), system.NewUser("bob"), system.NewUser("carol"));
        var (left, kept) = (Some.Conversation(), Some.Conversation());
        await system.JoinAsync(left, alice, bob, carol);
        await system.JoinAsync(kept, bob);
        await using var staying = await carol.ListenAsync();
        await using var listener = await bob.ListenAsync();
        await staying.Inbox.MustHearAsync(bob, "online");

        await system.LeaveAsync(left, bob);
        await alice.ActAsync();

        await staying.Inbox.MustHearAsync(alice, "online");
        await listener.MustHaveHeardNothingAsync(system, kept);
    }

    [Fact]
    public async Task JoiningAgainTellsTheSameAgainUnderTheSameVersion()
    {
        var system = await AnyAsync();
        var (alice, bob, conversation) = (system.NewUser("alice"), system.NewUser("bob"), Some.Conversation());
        await system.JoinAsync(conversation, alice, bob);
        await using var listener = await bob.ListenAsync();
        await alice.ActAsync();
        var first = await listener.Inbox.MustHearAsync(alice, "online");

        await system.JoinAsync(conversation, alice);

        var again = await listener.Inbox.MustHearAsync(alice, "online");
        Assert.Equal((first.GetProperty("version").GetInt64(), conversation), (again.GetProperty("version").GetInt64(), again.GetProperty("joined").GetString()));
        await listener.MustHaveHeardNothingAsync(system, conversation);
    }

    [Fact]
    public async Task LeavingAgainAndWhatOneIsNotInIsNoError()
    {
        var system = await AnyAsync();
        var (bob, conversation) = (system.NewUser("bob"), Some.Conversation());
        await system.JoinAsync(conversation, bob);
        await using var listener = await bob.ListenAsync();

        await system.LeaveAsync(conversation, bob);
        await system.LeaveAsync(conversation, bob);
        await system.LeaveAsync(Some.Conversation(), system.NewUser("unknown"));

        Assert.Equal("online", await bob.StatusSeenByAsync(system.NewUser("carol")));
    }

    [Fact]
    public async Task ConnectingBringsWhoIsHere()
    {
        var system = await AnyAsync();
        var (alice, bob, carol) = (system.NewUser("alice"), system.NewUser("bob"), system.NewUser("carol"));
        var conversation = Some.Conversation();
        await system.JoinAsync(conversation, alice, bob, carol);
        await alice.ActAsync();

        await using var listener = await bob.ListenAsync();

        var here = Assert.Single(listener.Snapshot.GetProperty("conversations").EnumerateArray());
        Assert.Equal(new[] { alice.Id, bob.Id }, Ids(here));
        Assert.Equal((3, 2, 0), (Count(here, "members"), Count(here, "online"), Count(here, "away")));
        Assert.True(here.GetProperty("isComplete").GetBoolean());
    }

    [Fact]
    public async Task TheDefaultConversationGivesWayToTheFirstOther()
    {
        await using var system = await OwnAsync();
        var (alice, bob, conversation) = (system.NewUser("alice"), system.NewUser("bob"), Some.Conversation());
        await using var listener = await bob.ListenAsync();
        Assert.Equal("lobby", Assert.Single(listener.Snapshot.GetProperty("conversations").EnumerateArray()).GetProperty("conversationId").GetString());
        await alice.ActAsync();
        await listener.Inbox.MustHearAsync(alice, "online");

        await system.JoinAsync(conversation, bob);
        await alice.SignOutAsync();

        await listener.MustHaveHeardNothingAsync(system, conversation);
        var own = (await bob.Caller.GetAsync("api/conversations")).Data.GetProperty("conversations");
        Assert.Equal(conversation, Assert.Single(own.EnumerateArray()).GetProperty("conversationId").GetString());
    }

    [Fact]
    public async Task WhoeverMaySeeAWatchedUserHearsOfItWithoutACommonConversation()
    {
        var system = await AnyAsync();
        var (alice, bob) = (system.NewUser("alice/ä 1"), system.NewUser("bob"));
        var conversation = Some.Conversation();
        await system.JoinAsync(conversation, bob);
        await system.JoinAsync(Some.Conversation(), alice);
        await system.AllowAsync(bob, alice);

        await using var listener = await bob.ListenAsync(watched: alice);

        var watched = Assert.Single(listener.Snapshot.GetProperty("users").EnumerateArray());
        Assert.Equal(alice.Id, watched.GetProperty("userId").GetString());
        Assert.Equal("offline", watched.GetProperty("status").GetString());
        await alice.ActAsync();
        await listener.Inbox.MustHearAsync(alice, "online");
        await alice.SignOutAsync();
        await listener.Inbox.MustHearAsync(alice, "offline");
        await listener.MustHaveHeardNothingAsync(system, conversation);
    }

    private static IEnumerable<string?> Ids(JsonElement conversation) =>
        conversation.GetProperty("users").EnumerateArray().Select(u => u.GetProperty("userId").GetString());

    private static int Count(JsonElement conversation, string name) => conversation.GetProperty("occupancy").GetProperty(name).GetInt32();
}

/// <summary>Where functions send by themselves.</summary>
public sealed class MembershipTestsOverTheHub() : MembershipTests(DeliveryMode.Hub);

/// <summary>Where the output binding does.</summary>
public sealed class MembershipTestsByBinding() : MembershipTests(DeliveryMode.Binding);
