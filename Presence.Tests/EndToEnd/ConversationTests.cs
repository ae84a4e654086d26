using System.Text.Json;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class ConversationTests
{
    [Fact]
    public async Task TheCallersConversationsCarryTheirCounts()
    {
        var system = await Target.AnyAsync();
        var (alice, bob, carol) = (system.NewUser("alice"), system.NewUser("bob"), system.NewUser("carol"));
        var conversation = Some.Conversation();
        await system.JoinAsync(conversation, alice, bob, carol);
        await bob.ActAsync();

        var own = (await alice.Caller.GetAsync("api/conversations")).Data.GetProperty("conversations");

        var only = Assert.Single(own.EnumerateArray());
        Assert.Equal(conversation, only.GetProperty("conversationId").GetString());
        Assert.Equal((3, 2, 0), (
            only.GetProperty("members").GetInt32(), only.GetProperty("online").GetInt32(), only.GetProperty("away").GetInt32()));
    }

    [Fact]
    public async Task ARosterIsReadPageByPage()
    {
        var system = await Target.AnyAsync();
        var conversation = Some.Conversation();
        User[] members = [system.NewUser("a"), system.NewUser("b"), system.NewUser("c")];
        await system.JoinAsync(conversation, members);

        var first = await PageAsync("");
        var second = await PageAsync("&after=" + first.GetProperty("nextAfter").GetString());

        Assert.Equal(members.Select(m => m.Id), Ids(first).Concat(Ids(second)));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("nextAfter").ValueKind);
        Assert.Equal(3, second.GetProperty("occupancy").GetProperty("members").GetInt32());

        async Task<JsonElement> PageAsync(string after) =>
            (await members[0].Caller.GetAsync($"api/conversations/{conversation}/presence?limit=2{after}")).Data;

        static IEnumerable<string?> Ids(JsonElement page) =>
            page.GetProperty("users").EnumerateArray().Select(u => u.GetProperty("userId").GetString());
    }
}
