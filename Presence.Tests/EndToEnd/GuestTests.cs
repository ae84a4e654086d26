using System.Net;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class GuestTests
{
    [Fact]
    public async Task AGuestIsSeenComingAndGoingAsAnonymous()
    {
        var system = await Target.AnyAsync();
        var (guest, bob, conversation) = (await system.NewGuestAsync("guest"), system.NewUser("bob"), Some.Conversation());
        await system.JoinAsync(conversation, guest, bob);
        await using var listener = await bob.ListenAsync();

        await guest.ActAsync();
        var online = await listener.Inbox.MustHearAsync(guest, "online");
        await guest.SignOutAsync();
        var offline = await listener.Inbox.MustHearAsync(guest, "offline");

        Assert.StartsWith("anon:", guest.Id, StringComparison.Ordinal);
        Assert.True(online.GetProperty("isAnonymous").GetBoolean());
        Assert.True(offline.GetProperty("isAnonymous").GetBoolean());
    }

    [Fact]
    public async Task AGuestConnectsAndHears()
    {
        var system = await Target.AnyAsync();
        var (guest, bob, conversation) = (await system.NewGuestAsync("guest"), system.NewUser("bob"), Some.Conversation());
        await system.JoinAsync(conversation, guest, bob);
        await using var listener = await guest.ListenAsync();
        await using var browser = await JavaScriptClient.ConnectAsync(guest);

        await bob.ActAsync();

        await listener.Inbox.MustHearAsync(bob, "online");
        await browser.Inbox.MustHearAsync(bob, "online");
    }

    [Fact]
    public async Task AnExpiredSessionIsRefused()
    {
        var system = await Target.AnyAsync();
        var guest = await system.NewGuestAsync("guest", lifetimeSeconds: 1);

        await Eventually.BecomesTrueAsync(
            async () => (await guest.Caller.GetAsync("api/conversations")).Status == HttpStatusCode.Unauthorized, "the session expires");

        (await guest.Caller.GetAsync("api/conversations")).MustBe(HttpStatusCode.Unauthorized, "unauthenticated");
        (await guest.Caller.PostAsync("api/negotiate")).MustBe(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task ARevokedSessionIsRefused()
    {
        var system = await Target.AnyAsync();
        var guest = await system.NewGuestAsync("guest");
        await guest.ActAsync();

        var revoked = await system.Backend.SendAsync(HttpMethod.Delete, $"api/anonymous-sessions/{guest.Id["anon:".Length..]}");

        Assert.Equal(1, revoked.Data.GetProperty("revoked").GetInt32());

        // An instance that has looked the session up may trust it for a little longer; the one that revoked it does not.
        await Eventually.BecomesTrueAsync(
            async () => (await guest.Caller.PostAsync("api/activity")).Status == HttpStatusCode.Unauthorized, "the session ends");
        (await guest.Caller.PostAsync("api/activity")).MustBe(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory, InlineData("x"), InlineData("anon:guest"), InlineData("Z3Vlc3Q.AAAA")]
    public async Task AForgedSessionIsRefused(string token)
    {
        var system = await Target.AnyAsync();

        (await system.CallerWith("X-Session-Token", token).GetAsync("api/conversations")).MustBe(HttpStatusCode.Unauthorized, "unauthenticated");
    }
}
