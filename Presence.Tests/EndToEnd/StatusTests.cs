using System.Diagnostics;
using Presence.Core.Options;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public abstract class StatusTests(DeliveryMode mode) : DeliveryTests(mode)
{
    private static readonly TimeSpan Moments = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task ComingOnlineIsHeardOnceWithinMomentsAndFurtherCallsAreNoNews()
    {
        var system = await AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        var conversation = Some.Conversation();
        await system.JoinAsync(conversation, alice, bob);
        await using var listener = await bob.ListenAsync();

        var began = Stopwatch.GetTimestamp();
        await alice.Caller.GetAsync("api/conversations");

        var heard = await listener.Inbox.MustHearAsync(alice, "online");
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Moments);
        Assert.False(heard.GetProperty("isAnonymous").GetBoolean());
        await alice.ActAsync();
        await alice.Caller.GetAsync($"api/presence/{bob.Id}");
        await listener.MustHaveHeardNothingAsync(system, conversation);
    }

    [Fact]
    public async Task SigningOutIsHeardAtOnceWithTheLastActivity()
    {
        var system = await AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        var conversation = Some.Conversation();
        await system.JoinAsync(conversation, alice, bob);
        await using var listener = await bob.ListenAsync();
        await alice.ActAsync();
        var online = await listener.Inbox.MustHearAsync(alice, "online");

        var began = Stopwatch.GetTimestamp();
        await alice.SignOutAsync();

        var offline = await listener.Inbox.MustHearAsync(alice, "offline");
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Moments);
        Assert.Equal(online.GetProperty("lastActiveAt").GetDateTimeOffset(), offline.GetProperty("lastSeenAt").GetDateTimeOffset());
        Assert.True(offline.GetProperty("version").GetInt64() > online.GetProperty("version").GetInt64());
        await listener.MustHaveHeardNothingAsync(system, conversation);
    }

    [Fact]
    public async Task SigningOutClosesTheConnectionsOfTheUser()
    {
        var system = await AnyAsync();
        var alice = system.NewUser("alice");
        await using var tab = await alice.ListenAsync();

        await alice.SignOutAsync();

        await tab.Closed.WaitAsync(Moments, TestContext.Current.CancellationToken);
        Assert.Equal("offline", await alice.StatusSeenByAsync(system.NewUser("bob")));
    }

    [Fact]
    public async Task WhoSharesNoConversationHearsNothing()
    {
        var system = await AnyAsync();
        var (alice, bob, stranger) = (system.NewUser("alice"), system.NewUser("bob"), system.NewUser("stranger"));
        var (ours, theirs) = (Some.Conversation(), Some.Conversation());
        await system.JoinAsync(ours, alice, bob);
        await system.JoinAsync(theirs, stranger);
        await using var friend = await bob.ListenAsync();
        await using var listener = await stranger.ListenAsync();

        await alice.ActAsync();
        await friend.Inbox.MustHearAsync(alice, "online");
        await alice.SignOutAsync();
        await friend.Inbox.MustHearAsync(alice, "offline");

        await listener.MustHaveHeardNothingAsync(system, theirs);
    }

    [Fact]
    public async Task WhoFallsSilentIsOfflineOnceAsOfTheLastActivity()
    {
        await using var system = await OwnAsync(("OfflineAfter", "00:00:02"));
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        var conversation = Some.Conversation();
        await system.JoinAsync(conversation, alice, bob);
        await using var listener = await bob.ListenAsync();
        await alice.ActAsync();
        var online = await listener.Inbox.MustHearAsync(alice, "online");

        var offline = await listener.Inbox.MustHearAsync(alice, "offline");

        Assert.Equal(online.GetProperty("lastActiveAt").GetDateTimeOffset(), offline.GetProperty("lastSeenAt").GetDateTimeOffset());
        await listener.MustHaveHeardNothingAsync(system, conversation);
    }

    [Fact]
    public async Task AStatusSetByHandIsHeard()
    {
        var system = await AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        await system.JoinAsync(Some.Conversation(), alice, bob);
        await using var listener = await bob.ListenAsync();

        await system.SetAsync(alice.Id, isOnline: true);
        await listener.Inbox.MustHearAsync(alice, "online");
        await system.SetAsync(alice.Id, isOnline: false);
        await listener.Inbox.MustHearAsync(alice, "offline");
    }
}

/// <summary>Where functions send by themselves.</summary>
public sealed class StatusTestsOverTheHub() : StatusTests(DeliveryMode.Hub);

/// <summary>Where the output binding does.</summary>
public sealed class StatusTestsByBinding() : StatusTests(DeliveryMode.Binding);
