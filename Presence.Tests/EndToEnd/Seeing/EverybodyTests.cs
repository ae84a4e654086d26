using Presence.Core.Options;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd.Seeing;

/// <summary>With <c>Everybody</c> a host answers as those did that had no such setting.</summary>
public class EverybodyTests
{
    [Fact]
    public async Task StrangersAreAnsweredToldAndWatchedAsBefore()
    {
        await using var system = await Target.OwnAsync(null, (nameof(PresenceOptions.Visibility), nameof(Visibility.Everybody)));
        var (alice, stranger) = (system.NewUser("alice"), system.NewUser("stranger"));
        await system.JoinAsync(Some.Conversation(), alice);
        await system.JoinAsync(Some.Conversation(), stranger);
        var guest = await system.NewGuestAsync("guest");
        await using var listener = await stranger.ListenAsync(alice);
        await using var guests = await guest.ListenAsync(alice);

        await alice.ActAsync();

        var heard = await listener.Inbox.MustHearAsync(alice, "online");
        Assert.Equal(heard.GetRawText(), (await guests.Inbox.MustHearAsync(alice, "online")).GetRawText());
        Assert.Equal(
            ["userId", "isAnonymous", "isOnline", "status", "availability", "lastActiveAt", "lastSeenAt", "version"],
            heard.EnumerateObject().Select(p => p.Name));
        foreach (var caller in (User[])[stranger, guest])
        {
            Assert.Equal(heard.GetRawText(), (await caller.Caller.GetAsync($"api/presence/{alice.Id}")).Data.GetRawText());
            Assert.Equal(heard.GetRawText(), (await caller.Caller.GetAsync($"api/presence?userId={alice.Id}")).Data.GetRawText());
            Assert.Equal(heard.GetRawText(), (await caller.Caller.GetAsync($"api/presence?ids={alice.Id}")).Data.GetProperty("users")[0].GetRawText());
            await using var later = await caller.ListenAsync(alice);
            Assert.Equal(heard.GetRawText(), later.Snapshot.GetProperty("users")[0].GetRawText());
        }

        await system.SetAsync(alice.Id, isOnline: false);
        var left = await listener.Inbox.MustHearAsync(alice, "offline");
        Assert.Equal(left.GetProperty("lastActiveAt").GetString(), left.GetProperty("lastSeenAt").GetString());
    }
}
