using System.Net;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class OddUserIdTests
{
    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a%b")]
    [InlineData("a b+c&d=e")]
    [InlineData("a\tb\u0001c\u007fd\u0085e")]
    [InlineData("😀 ünï")]
    [InlineData("a|b'c\"d")]
    [InlineData("..")]
    [InlineData("nul\0nul")]
    [InlineData("a%2Fb%41")]
    public async Task AnyIdIsHeardLookedUpAndConnects(string id)
    {
        var system = await Target.AnyAsync();
        var (odd, bob, conversation) = (system.UserOf($"{id}{Guid.NewGuid():N}"[..^20]), system.NewUser("bob"), Some.Conversation());
        await system.JoinAsync(conversation, odd, bob);
        await using var listener = await bob.ListenAsync();

        await using var tab = await odd.ListenAsync();

        await listener.Inbox.MustHearAsync(odd, "online");
        Assert.Equal("online", await odd.StatusSeenByAsync(bob));
        var many = (await bob.Caller.GetAsync($"api/presence?ids={Uri.EscapeDataString(odd.Id)}")).Data.GetProperty("users");
        Assert.Equal(odd.Id, Assert.Single(many.EnumerateArray()).GetProperty("userId").GetString());
        await odd.SignOutAsync();
        await listener.Inbox.MustHearAsync(odd, "offline");
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("me")]
    [InlineData("\0")]
    [InlineData("/")]
    [InlineData("\\")]
    [InlineData("%")]
    [InlineData("%2F")]
    [InlineData("a,b")]
    [InlineData(" ")]
    [InlineData("+")]
    public async Task AnIdThatNoPathCarriesIsAMemberLookedUpAndErasedByQuery(string id)
    {
        await using var system = await Target.OwnAsync();
        var (odd, bob, conversation, written) = (system.UserOf(id), system.NewUser("bob"), Some.Conversation(), Uri.EscapeDataString(id));

        var joined = await system.Backend.SendAsync(HttpMethod.Put, $"api/conversations/{conversation}/members?userId={written}");
        await system.AllowAsync(bob, odd);
        await odd.ActAsync();

        Assert.Equal((id, true), (joined.Text("userId"), joined.Data.GetProperty("isMember").GetBoolean()));
        Assert.Equal(id, (await bob.Caller.GetAsync($"api/presence?userId={written}")).Text("userId"));
        Assert.Equal("online", await odd.StatusSeenByAsync(bob));
        var left = await system.Backend.SendAsync(HttpMethod.Delete, $"api/conversations/{conversation}/members?userId={written}");
        Assert.Equal((id, true), (left.Text("userId"), left.Data.GetProperty("changed").GetBoolean()));
        var erased = await system.Backend.SendAsync(HttpMethod.Delete, $"maintenance/users?userId={written}");
        Assert.Equal((id, true), (erased.Text("userId"), erased.Data.GetProperty("wasOnline").GetBoolean()));
    }

    [Theory, InlineData("."), InlineData(".."), InlineData("me"), InlineData("\0"), InlineData("a/b"), InlineData("a%2Fb"), InlineData("a,b")]
    public async Task AGuestThatNoPathCarriesIsRevokedByQuery(string id)
    {
        await using var system = await Target.OwnAsync();
        var session = await system.Backend.PostAsync("api/anonymous-sessions", new { participantId = id });
        var guest = system.CallerWith("X-Session-Token", session.Text("token"));
        (await guest.PostAsync("api/activity")).MustBeOk();

        var revoked = await system.Backend.SendAsync(HttpMethod.Delete, $"api/anonymous-sessions?participantId={Uri.EscapeDataString(id)}");

        Assert.Equal(1, revoked.Data.GetProperty("revoked").GetInt32());
        (await guest.PostAsync("api/activity")).MustBe(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task TheLongestIdIsTaken()
    {
        var system = await Target.AnyAsync();
        var longest = system.UserOf(string.Concat(Guid.NewGuid().ToString("N"), new string('語', 96)));

        await longest.ActAsync();

        Assert.Equal("online", await longest.StatusSeenByAsync(system.NewUser("bob")));
    }
}
