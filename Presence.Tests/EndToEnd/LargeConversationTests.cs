using System.Text.Json;
using Presence.Core.Options;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>Conversations of more than three members are large here.</summary>
public abstract class LargeConversationTests(DeliveryMode mode) : DeliveryTests(mode)
{
    [Fact]
    public async Task NamesAreToldBelowTheLineAndCountsAboveItAndBothCrossings()
    {
        await using var system = await OwnAsync((nameof(PresenceOptions.LargeConversation), "3"));
        var conversation = Some.Conversation();
        User[] members = [system.NewUser("a"), system.NewUser("b"), system.NewUser("c"), system.NewUser("d")];
        await system.JoinAsync(conversation, members[..3]);
        await using var listener = await members[0].ListenAsync(watched: members[1]);
        Assert.Equal("names", Part(listener).GetProperty("mode").GetString());

        await system.SetAsync(members[1].Id, isOnline: true);
        await listener.Inbox.MustHearAsync(members[1], "online");

        await system.JoinAsync(conversation, members[3]);
        var up = await listener.Inbox.ModeAsync();
        Assert.Equal(["conversationId", "mode", "occupancy", "version"], up.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            (conversation, "counts", 4), (Text(up, "conversationId"), Text(up, "mode"), up.GetProperty("occupancy").GetProperty("members").GetInt32()));

        await system.SetAsync(members[2].Id, isOnline: true);
        var counts = await listener.Inbox.CountsAsync();
        Assert.Equal(["conversationId", "members", "online", "away", "version"], counts.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            (conversation, 4, 3, 0),
            (Text(counts, "conversationId"), counts.GetProperty("members").GetInt32(), counts.GetProperty("online").GetInt32(), counts.GetProperty("away").GetInt32()));

        // Who watches is told names in any case, and nobody is told of the other.
        await system.SetAsync(members[1].Id, isOnline: false);
        var told = await listener.Inbox.StatusAsync();
        if (told.TryGetProperty("joined", out _))
        {
            // That the fourth has come may have been told before anybody knew that it is one too many.
            told = await listener.Inbox.StatusAsync();
        }

        Assert.Equal((members[1].Id, "offline"), (Text(told, "userId"), Text(told, "status")));

        var answer = (await members[0].Caller.GetAsync($"api/conversations/{conversation}/presence?limit=3")).Data;
        Assert.Equal(("counts", 3, members[2].Id), (Text(answer, "mode"), answer.GetProperty("users").GetArrayLength(), Text(answer, "nextAfter")));
        await using (var late = await members[3].ListenAsync())
        {
            Assert.Equal(
                ("counts", 0, false),
                (Text(Part(late), "mode"), Part(late).GetProperty("users").GetArrayLength(), Part(late).GetProperty("isComplete").GetBoolean()));
        }

        await system.LeaveAsync(conversation, members[2]);
        await system.LeaveAsync(conversation, members[3]);
        var down = await listener.Inbox.ModeAsync();
        Assert.Equal(("names", 2), (Text(down, "mode"), down.GetProperty("occupancy").GetProperty("members").GetInt32()));
        await system.SetAsync(members[1].Id, isOnline: true);
        await listener.Inbox.MustHearAsync(members[1], "online");
    }

    [Fact]
    public async Task ManyChangesAreFewMessagesAndTheLastCountIsTold()
    {
        await using var system = await OwnAsync((nameof(PresenceOptions.LargeConversation), "3"));
        var conversation = Some.Conversation();
        User[] members = [.. Enumerable.Range(0, 20).Select(i => system.NewUser($"user-{i:00}"))];
        await system.JoinAsync(conversation, members);
        await using var listener = await members[0].ListenAsync();
        Assert.Equal("counts", Part(listener).GetProperty("mode").GetString());
        var began = System.Diagnostics.Stopwatch.StartNew();

        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(members[1..].Select(user => system.SetAsync(user.Id, isOnline: round % 2 == 0)));
        }

        JsonElement last;
        var told = 0;
        do
        {
            (last, told) = (await listener.Inbox.CountsAsync(), told + 1);
        }
        while (last.GetProperty("online").GetInt32() != members.Length);

        // 95 changes.
        Assert.InRange(told, 1, began.Elapsed.TotalSeconds + 2);
    }

    private static JsonElement Part(Listener listener) => listener.Snapshot.GetProperty("conversations")[0];

    private static string Text(JsonElement message, string name) => message.GetProperty(name).GetString()!;
}

/// <summary>The functions send by themselves.</summary>
public sealed class LargeConversationOverTheHubTests() : LargeConversationTests(DeliveryMode.Hub);

/// <summary>The output binding carries what a function tells, and counts go over the hub.</summary>
public sealed class LargeConversationByBindingTests() : LargeConversationTests(DeliveryMode.Binding);
