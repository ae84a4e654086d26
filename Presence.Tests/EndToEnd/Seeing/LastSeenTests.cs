using System.Net.Http.Json;
using System.Text.Json;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd.Seeing;

/// <summary>How exactly users let others know when they were last active, and what those learn who tell nobody.</summary>
public class LastSeenTests
{
    [Theory]
    [InlineData("exact", "exact", "exact")]
    [InlineData("coarse", "none", "recently")]
    [InlineData("nobody", "none", "none")]
    public async Task OthersLearnItAsExactlyAsTheUserSaysWhateverWayTheyAskOrListen(string lastSeen, string whileHere, string whenGone)
    {
        var system = await Target.AnyAsync();
        var (subject, viewer, conversation) = (system.NewUser("subject"), system.NewUser("viewer"), Some.Conversation());
        await system.JoinAsync(conversation, subject, viewer);
        await ChooseAsync(subject, lastSeen);
        await using var listener = await viewer.ListenAsync();
        await subject.ActAsync();

        Assert.Equal(whileHere, Told(await listener.Inbox.MustHearAsync(subject, "online")));
        await AssertAsync(whileHere, isHere: true);
        await system.SetAsync(subject.Id, isOnline: false);
        Assert.Equal(whenGone, Told(await listener.Inbox.MustHearAsync(subject, "offline")));
        await AssertAsync(whenGone, isHere: false);

        async Task AssertAsync(string expected, bool isHere)
        {
            foreach (var (way, view) in await WaysAsync(viewer, subject, conversation, isHere))
            {
                Assert.Equal($"{way}: {expected}", $"{way}: {Told(view)}");
            }
        }
    }

    [Fact]
    public async Task WhoTellsNobodyLearnsItOfNobodyAndOthersOfTheSameConversationDo()
    {
        var system = await Target.AnyAsync();
        var (subject, secretive, other, blocker) = (system.NewUser("subject"), system.NewUser("secretive"), system.NewUser("other"), system.NewUser("blocker"));
        var (conversation, own) = (Some.Conversation(), Some.Conversation());
        await system.JoinAsync(conversation, subject, secretive, other, blocker);
        await system.JoinAsync(own, secretive);
        await blocker.ActAsync();
        await using var open = await other.ListenAsync(subject);
        await using var first = await secretive.ListenAsync(subject);

        await ChooseAsync(secretive, "nobody");
        await first.Closed.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        await using var closed = await secretive.ListenAsync(subject);
        await subject.ActAsync();
        await system.SetAsync(subject.Id, isOnline: false);

        Assert.Equal("none", Told(await closed.Inbox.MustHearAsync(subject, "online")));
        Assert.Equal("none", Told(await closed.Inbox.MustHearAsync(subject, "offline")));
        await HearsAsync(open, "exact exact");
        foreach (var (who, expected) in new[] { (secretive, "none"), (other, "exact") })
        {
            foreach (var (way, view) in await WaysAsync(who, subject, conversation, isHere: false))
            {
                Assert.Equal($"{way}: {expected}", $"{way}: {Told(view)}");
            }
        }

        // Nor by what is told to the user alone.
        (await system.Backend.SendAsync(HttpMethod.Put, $"api/visibility/blocked?userId={blocker.Id}&otherId={secretive.Id}")).MustBeOk();
        Assert.Equal("none", Told(await closed.Inbox.MustHearAsync(blocker, "offline")));
        (await system.Backend.SendAsync(HttpMethod.Delete, $"api/visibility/blocked?userId={blocker.Id}&otherId={secretive.Id}")).MustBeOk();
        Assert.Equal("none", Told(await closed.Inbox.MustHearAsync(blocker, "online")));
        (await system.Backend.SendAsync(HttpMethod.Put, $"api/visibility/blocked?userId={blocker.Id}&conversationId={own}")).MustBeOk();
        Assert.Equal("none", Told(await closed.Inbox.MustHearAsync(blocker, "offline")));

        await ChooseAsync(secretive, "exact");
        await closed.Closed.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        await using var again = await secretive.ListenAsync(subject);
        await subject.ActAsync();
        Assert.Equal("exact", Told(await again.Inbox.MustHearAsync(subject, "online")));

        async Task HearsAsync(Listener listener, string expected)
        {
            var told = new List<string>();
            while (told.Count < 2)
            {
                var heard = await listener.Inbox.StatusAsync();
                told.AddRange(heard.GetProperty("userId").GetString() == subject.Id ? [Told(heard)] : []);
            }

            Assert.Equal(expected, string.Join(' ', told));
        }
    }

    private static async Task ChooseAsync(User user, string lastSeen) =>
        (await user.Caller.SendAsync(HttpMethod.Put, "api/presence/me/privacy", JsonContent.Create(new { lastSeen }))).MustBeOk();

    /// <summary>What every route says of the subject, and what a new connection is told.</summary>
    private static async Task<List<(string Way, JsonElement View)>> WaysAsync(User viewer, User subject, string conversation, bool isHere)
    {
        await using var connection = await viewer.ListenAsync(subject);
        List<(string, JsonElement)> ways =
        [
            ("one", (await viewer.Caller.GetAsync($"api/presence/{subject.Id}")).Data),
            ("many", (await viewer.Caller.GetAsync($"api/presence?ids={subject.Id}")).Data.GetProperty("users")[0]),
            ("roster", Of((await viewer.Caller.GetAsync($"api/conversations/{conversation}/presence")).Data)),
            ("watched", connection.Snapshot.GetProperty("users")[0]),
        ];
        return isHere
            ? [.. ways, ("snapshot", connection.Snapshot.GetProperty("conversations").EnumerateArray().Where(c => c.GetProperty("conversationId").GetString() == conversation).Select(Of).Single())]
            : ways;

        JsonElement Of(JsonElement roster) => roster.GetProperty("users").EnumerateArray().Single(u => u.GetProperty("userId").GetString() == subject.Id);
    }

    /// <summary>What is told of the last activity.</summary>
    private static string Told(JsonElement view)
    {
        var isExact = view.GetProperty("lastActiveAt").ValueKind == JsonValueKind.String;
        Assert.Equal(isExact && !view.GetProperty("isOnline").GetBoolean(), view.GetProperty("lastSeenAt").ValueKind == JsonValueKind.String);
        return (isExact, view.TryGetProperty("lastSeen", out var word)) switch
        {
            (true, false) => "exact",
            (false, true) => word.GetString()!,
            (false, false) => "none",
            (true, true) => "both",
        };
    }
}
