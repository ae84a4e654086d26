using System.Net;
using System.Text.Json;
using Azure.Data.Tables;
using Presence.Core.Ledger;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class EventTests
{
    [Fact]
    public async Task EachChangeOfAUserIsToldInOrderAndNothingElse()
    {
        await using var system = await Target.OwnAsync();
        var (alice, conversation) = (system.NewUser("alice"), Some.Conversation());
        await system.JoinAsync(conversation, alice);
        await alice.ActAsync();
        await alice.ChooseAsync(new { availability = "busy", text = "in a meeting" });
        await alice.ActAsync();
        await alice.SignOutAsync();
        await system.LeaveAsync(conversation, alice);

        var told = await FollowAsync(system, events => events.Count >= 5);

        Assert.Equal(
            ["presence.membership", "presence.status", "presence.availability", "presence.status", "presence.membership"], told.Select(e => e.GetProperty("type").GetString()));
        Assert.All(told, e => Assert.Equal(("1.0", "/presence", alice.Id), (Text(e, "specversion"), Text(e, "source"), Text(e, "subject"))));
        Assert.Equal(["offline", "online", "online", "offline", "offline"], told.Select(e => Text(e.GetProperty("data"), "status")));
        Assert.Equal("in a meeting", Text(told[2].GetProperty("data"), "text"));
        Assert.Equal([conversation], told[0].GetProperty("data").GetProperty("joined").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal([conversation], told[4].GetProperty("data").GetProperty("left").EnumerateArray().Select(c => c.GetString()));
        var versions = told.Select(e => e.GetProperty("data").GetProperty("version").GetInt64()).ToList();
        Assert.Equal(versions.Order().Distinct(), versions);
        Assert.Equal(versions.Select(version => $"{alice.Id}/{version}"), told.Select(e => Text(e, "id")));
    }

    [Fact]
    public async Task OldEventsGoWithTheCensusWithoutACleanUp()
    {
        await using var system = await Target.OwnAsync();
        await system.NewUser("alice").ActAsync();
        await FollowAsync(system, events => events.Count == 1);
        var table = new TableClient(system.Host.StorageConnectionString, system.Table);
        Assert.True(await HasEventsAsync());

        await using var off = await PresenceSystem.StartAsync(LocalParts.SharedWith(system), (nameof(PresenceOptions.EventRetention), "00:00:00"));

        await Eventually.BecomesTrueAsync(async () => !await HasEventsAsync(), "the events are removed");

        async Task<bool> HasEventsAsync() => await table.QueryAsync<TableEntity>("RowKey ge 'ev:' and RowKey lt 'ev;'").AnyAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task FromTheLatestOnOnlyWhatHappensLaterIsTold()
    {
        await using var system = await Target.OwnAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        await alice.ActAsync();
        await FollowAsync(system, events => events.Count == 1);

        var latest = await system.Backend.GetAsync("api/events?after=latest");
        Assert.Equal(0, latest.Data.GetProperty("events").GetArrayLength());
        await bob.ActAsync();

        var told = await FollowAsync(system, events => events.Count >= 1, latest.Text("cursor"));
        Assert.Equal([bob.Id], told.Select(e => Text(e, "subject")));
    }

    [Fact]
    public async Task WhoeverIsErasedIsToldSoAndNothingOfBefore()
    {
        await using var system = await Target.OwnAsync();
        var alice = system.NewUser("alice");
        await alice.ActAsync();
        (await system.Backend.SendAsync(HttpMethod.Delete, $"maintenance/users/{alice.Id}")).MustBeOk();

        var told = Assert.Single(await FollowAsync(system, events => events.Count >= 1));

        Assert.Equal(("presence.erased", alice.Id), (Text(told, "type"), Text(told, "subject")));
        Assert.Equal(["userId", "isAnonymous", "version"], told.GetProperty("data").EnumerateObject().Select(p => p.Name));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("after=yesterday", "after")]
    [InlineData("after=!", "after")]
    [InlineData("after=latest&after=latest", "after")]
    public async Task BadInputIsRefusedByItsName(string query, string field)
    {
        var system = await Target.AnyAsync();

        (await system.Backend.GetAsync($"api/events?{query}")).MustRefuse(field);
    }

    [Fact]
    public async Task ACursorOfAnotherNumberOfShardsIsRefusedByItsName()
    {
        await using var system = await Target.OwnAsync(null, (nameof(PresenceOptions.ShardCount), "3"));
        await using var other = await Target.OwnAsync(null, (nameof(PresenceOptions.ShardCount), "4"));
        var cursor = (await other.Backend.GetAsync("api/events?after=latest")).Text("cursor");

        (await system.Backend.GetAsync($"api/events?after={cursor}")).MustRefuse("after");
    }

    [Fact]
    public async Task ACursorOfTheLastMomentThereIsIsReadFrom()
    {
        await using var system = await Target.OwnAsync(null, (nameof(PresenceOptions.ShardCount), "1"));
        var last = new EventCursor(DateTime.MaxValue.Ticks, [new(EventPosition.EndOf(DateTimeOffset.MaxValue), int.MaxValue, 1)]);

        var page = (await system.Backend.GetAsync($"api/events?after={last}&limit=1000")).Data;

        Assert.Empty(page.GetProperty("events").EnumerateArray());
        Assert.False(page.GetProperty("hasMore").GetBoolean());
    }

    [Fact]
    public async Task ACursorTooOldIsGone()
    {
        await using var system = await Target.OwnAsync(null, (nameof(PresenceOptions.ShardCount), "1"));
        var old = new EventCursor(DateTimeOffset.UnixEpoch.UtcTicks, [new(EventPosition.EndOf(DateTimeOffset.UnixEpoch))]);

        (await system.Backend.GetAsync($"api/events?after={old}")).MustBe(HttpStatusCode.Gone, "cursor_too_old");
    }

    [Fact]
    public async Task WhereNoEventsAreKeptThereIsNoFeed()
    {
        await using var system = await Target.OwnAsync(null, (nameof(PresenceOptions.EventRetention), "00:00:00"));

        (await system.Backend.GetAsync("api/events")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await system.Backend.GetAsync("api/events?after=latest")).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    /// <summary>Reads on until there is what is waited for, and once more; two to a page.</summary>
    private static async Task<List<JsonElement>> FollowAsync(PresenceSystem system, Func<List<JsonElement>, bool> isEnough, string cursor = "")
    {
        List<JsonElement> told = [];
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                await ReadAsync();
                return isEnough(told);
            },
            "the feed has told it");
        await ReadAsync();
        return [.. told.DistinctBy(e => Text(e, "id"))];

        async Task ReadAsync()
        {
            bool hasMore;
            do
            {
                var page = (await system.Backend.GetAsync($"api/events?limit=2&after={cursor}")).Data;
                told.AddRange(page.GetProperty("events").EnumerateArray());
                (cursor, hasMore) = (page.GetProperty("cursor").GetString()!, page.GetProperty("hasMore").GetBoolean());
            }
            while (hasMore);
        }
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
