using System.Net.Http.Json;
using System.Text.Json;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd.Seeing;

/// <summary>What the other is told of a block is what it is told of somebody who leaves, and so is what it reads afterwards.</summary>
public class BlockLooksLikeLeavingTests
{
    private static readonly string[] OfEachOwn = ["userId", "version", "lastActiveAt", "lastSeenAt"];

    [Theory]
    [InlineData("exact", true)]
    [InlineData("exact", false)]
    [InlineData("coarse", true)]
    [InlineData("coarse", false)]
    [InlineData("nobody", true)]
    public async Task ABlockLooksLikeLeaving(string lastSeen, bool isBySubject)
    {
        var system = await Target.AnyAsync();
        var (blocked, leaving, viewer) = (system.NewUser("blocked"), system.NewUser("leaving"), system.NewUser("viewer"));
        var conversation = Some.Conversation();
        await system.JoinAsync(conversation, blocked, leaving, viewer);
        foreach (var user in (User[])[blocked, leaving])
        {
            (await user.Caller.SendAsync(HttpMethod.Put, "api/presence/me/privacy", JsonContent.Create(new { lastSeen }))).MustBeOk();
            await user.ActAsync();
            await user.ChooseAsync(new { availability = "busy", text = "on a train", emoji = "🚆" });
        }

        await using var listener = await viewer.ListenAsync();
        await system.SetAsync(leaving.Id, isOnline: false);
        var left = await listener.Inbox.MustHearAsync(leaving, "offline");
        var (user1, user2) = isBySubject ? (blocked, viewer) : (viewer, blocked);
        (await system.Backend.SendAsync(HttpMethod.Put, $"api/visibility/blocked?userId={user1.Id}&otherId={user2.Id}")).MustBeOk();
        var told = await listener.Inbox.MustHearAsync(blocked, "offline");

        Assert.Equal(Shape(left), Shape(told));
        Assert.Equal(await ReadAsync(leaving, left), await ReadAsync(blocked, told));

        async Task<string> ReadAsync(User user, JsonElement message)
        {
            var read = (await viewer.Caller.GetAsync($"api/presence?userId={user.Id}")).Data;
            var roster = (await viewer.Caller.GetAsync($"api/conversations/{conversation}/presence")).Data.GetProperty("users").EnumerateArray()
                .Single(one => one.GetProperty("userId").GetString() == user.Id);
            return $"{Shape(read)} {read.GetRawText() == message.GetRawText()} {roster.GetRawText() == message.GetRawText()}";
        }
    }

    [Fact]
    public async Task TheBlockOfAConversationLooksLikeLeavingToItsMembers()
    {
        var system = await Target.AnyAsync();
        var (blocker, leaving, viewer) = (system.NewUser("blocker"), system.NewUser("leaving"), system.NewUser("viewer"));
        var (shared, blocked) = (Some.Conversation(), Some.Conversation());
        await system.JoinAsync(shared, blocker, leaving, viewer);
        await system.JoinAsync(blocked, viewer);
        await blocker.ActAsync();
        await leaving.ActAsync();

        await using var listener = await viewer.ListenAsync();
        await system.SetAsync(leaving.Id, isOnline: false);
        var left = await listener.Inbox.MustHearAsync(leaving, "offline");
        (await system.Backend.SendAsync(HttpMethod.Put, $"api/visibility/blocked?userId={blocker.Id}&conversationId={blocked}")).MustBeOk();

        Assert.Equal(Shape(left), Shape(await listener.Inbox.MustHearAsync(blocker, "offline")));
    }

    /// <summary>All that is not of each its own; of times, whether there are any.</summary>
    private static string Shape(JsonElement view) => string.Join(
        ' ',
        view.EnumerateObject().Select(p => OfEachOwn.Contains(p.Name) ? $"{p.Name}:{p.Value.ValueKind}" : $"{p.Name}:{p.Value.GetRawText()}"));
}
