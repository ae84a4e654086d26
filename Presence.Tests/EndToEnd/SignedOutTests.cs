using System.Net;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>Signed out means out: what reconnects by itself stays out.</summary>
public class SignedOutTests
{
    private static readonly TimeSpan Moments = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task AClientThatReconnectsByItselfDoesNotUndoTheSignOut()
    {
        var system = await Target.AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        await using var client = await Reconnecting.ConnectAsync(alice.Caller);
        await listener.Inbox.MustHearAsync(alice, "online");

        await alice.SignOutAsync();

        await listener.Inbox.MustHearAsync(alice, "offline");
        await client.GivenUp.WaitAsync(Moments, TestContext.Current.CancellationToken);
        (await alice.Caller.PostAsync("api/negotiate")).MustBe(HttpStatusCode.Forbidden, "signed_out");
        Assert.Equal("offline", await alice.StatusSeenByAsync(bob));
        await listener.MustHaveHeardNothingAsync(system, conversation);
    }

    [Fact]
    public async Task ANewTokenConnectsAgainAndOneThatDoesNotSayWhenItWasIssuedCountsAsIssuedNow()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        await alice.ActAsync();
        await alice.SignOutAsync();

        (await alice.Caller.PostAsync("api/negotiate")).MustBe(HttpStatusCode.Forbidden, "signed_out");
        var later = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(2);
        (await system.SignedInAt(alice, later).Caller.PostAsync("api/negotiate")).MustBeOk();
        (await system.SignedInAt(alice, null).Caller.PostAsync("api/negotiate")).MustBeOk();
        (await alice.Caller.PostAsync("api/negotiate")).MustBe(HttpStatusCode.Forbidden, "signed_out");
    }

    [Fact]
    public async Task ACallThatIsActivityBringsTheUserBackAndThenTheOldTokenConnectsAgain()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        await alice.ActAsync();
        await alice.SignOutAsync();
        (await alice.Caller.PostAsync("api/negotiate")).MustBe(HttpStatusCode.Forbidden, "signed_out");

        await alice.ActAsync();

        (await alice.Caller.PostAsync("api/negotiate")).MustBeOk();
    }

    [Fact]
    public async Task AConnectionNegotiatedBeforeTheSignOutIsClosedAndNoNews()
    {
        var system = await Target.AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        await alice.ActAsync();
        await listener.Inbox.MustHearAsync(alice, "online");
        var grant = (await alice.Caller.PostAsync("api/negotiate")).MustBeOk().Json;
        await alice.SignOutAsync();
        await listener.Inbox.MustHearAsync(alice, "offline");

        var ended = await Reconnecting.ConnectUntilClosedAsync(grant);

        await ended.WaitAsync(Moments, TestContext.Current.CancellationToken);
        Assert.Equal("offline", await alice.StatusSeenByAsync(bob));
        await listener.MustHaveHeardNothingAsync(system, conversation);
    }

    [Fact]
    public async Task ARevokedGuestDoesNotComeBackWithATokenNegotiatedBefore()
    {
        var system = await Target.AnyAsync();
        var (guest, bob) = (await system.NewGuestAsync("guest"), system.NewUser("bob"));
        await guest.ActAsync();
        var grant = (await guest.Caller.PostAsync("api/negotiate")).MustBeOk().Json;
        (await system.Backend.SendAsync(HttpMethod.Delete, $"api/anonymous-sessions/{guest.Id["anon:".Length..]}")).MustBeOk();

        var ended = await Reconnecting.ConnectUntilClosedAsync(grant);

        await ended.WaitAsync(Moments, TestContext.Current.CancellationToken);
        Assert.Equal("offline", await guest.StatusSeenByAsync(bob));
    }

    [Fact]
    public async Task AnErasedUserDoesNotComeBackWithWhatItHadBefore()
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        await alice.ActAsync();
        var grant = (await alice.Caller.PostAsync("api/negotiate")).MustBeOk().Json;
        (await system.Backend.SendAsync(HttpMethod.Delete, $"maintenance/users/{alice.Id}")).MustBeOk();

        var ended = await Reconnecting.ConnectUntilClosedAsync(grant);

        await ended.WaitAsync(Moments, TestContext.Current.CancellationToken);
        (await alice.Caller.PostAsync("api/negotiate")).MustBe(HttpStatusCode.Forbidden, "signed_out");
        Assert.Equal("offline", (await alice.ActAsync()).Text("status"));
        Assert.Equal("offline", await alice.StatusSeenByAsync(bob));
        var later = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(2);
        Assert.Equal("online", (await system.SignedInAt(alice, later).ActAsync()).Text("status"));
    }

    [Fact]
    public async Task SettingOfflineByHandClosesTheConnectionsAndTheyStayOut()
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        await using var client = await Reconnecting.ConnectAsync(alice.Caller);

        await system.SetAsync(alice.Id, isOnline: false);

        await client.GivenUp.WaitAsync(Moments, TestContext.Current.CancellationToken);
        (await alice.Caller.PostAsync("api/negotiate")).MustBe(HttpStatusCode.Forbidden, "signed_out");
        Assert.Equal("offline", await alice.StatusSeenByAsync(bob));
    }

    [Fact]
    public async Task AGuestWhoseSessionEndsHearsNoMore()
    {
        var system = await Target.AnyAsync();
        var guest = await system.NewGuestAsync("guest", lifetimeSeconds: 3);

        await using var listener = await guest.ListenAsync();

        await listener.Closed.WaitAsync(Moments, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task AConnectionEndsWithItsToken()
    {
        var system = await Target.AnyAsync();
        var now = TimeProvider.System.GetUtcNow();
        var alice = system.SignedInAt(system.NewUser("alice"), now, lifetime: TimeSpan.FromSeconds(3));

        await using var listener = await alice.ListenAsync();

        await listener.Closed.WaitAsync(Moments, TestContext.Current.CancellationToken);
    }
}
