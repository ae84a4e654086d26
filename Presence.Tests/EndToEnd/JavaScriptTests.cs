using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class JavaScriptTests
{
    [Theory, InlineData("WebSockets"), InlineData("ServerSentEvents"), InlineData("LongPolling")]
    public async Task TheOfficialClientHearsWhoIsHereAndEveryChange(string transport)
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        var conversation = Some.Conversation();
        await system.JoinAsync(conversation, alice, bob);

        await using var client = await JavaScriptClient.ConnectAsync(bob, transport);

        var here = Assert.Single(client.Snapshot.GetProperty("conversations").EnumerateArray());
        Assert.Equal(conversation, here.GetProperty("conversationId").GetString());
        Assert.Equal(bob.Id, Assert.Single(here.GetProperty("users").EnumerateArray()).GetProperty("userId").GetString());
        await alice.ActAsync();
        await client.Inbox.MustHearAsync(alice, "online");
        await alice.SignOutAsync();
        await client.Inbox.MustHearAsync(alice, "offline");
    }
}
