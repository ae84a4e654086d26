using System.Net;
using Presence.Client.Model;

namespace Presence.Tests.Client;

public class RosterPageTests
{
    [Fact]
    public async Task PagesAreAskedForAsTheyAreReadEachByTheOneBefore()
    {
        var server = new Server().Answers(Page("alice", "after-alice", "v1")).Answers(Page("bob", "after-bob", "v2")).Answers(Page("carol", null, "v3"));
        var seen = new List<(string, int)>();

        await foreach (var user in Some.Client(server).GetRosterAsync("team", pageSize: 1, Some.Alice).WithCancellation(TestContext.Current.CancellationToken))
        {
            seen.Add((user.UserId, server.Asked.Count));
        }

        Assert.Equal([("alice", 1), ("bob", 2), ("carol", 3)], seen);
        Assert.Equal(
            [
                "/api/conversations/team/presence?limit=1",
                "/api/conversations/team/presence?limit=1&after=after-alice&version=v1",
                "/api/conversations/team/presence?limit=1&after=after-bob&version=v2",
            ],
            server.Asked.Select(asked => asked.Path));
    }

    [Fact]
    public async Task LaterPagesCarryTheSameSinceAndTheLastVersionIsTheOneToKeep()
    {
        var server = new Server().Answers(Page("alice", "after-alice", "v1")).Answers(Page("bob", null, "v2"));

        var pages = await PagesAsync(server, since: "v0");

        Assert.Equal("v2", pages[^1].Version);
        Assert.Equal(
            ["/api/conversations/team/presence?since=v0", "/api/conversations/team/presence?after=after-alice&since=v0&version=v1"],
            server.Asked.Select(asked => asked.Path));
    }

    [Fact]
    public async Task WhereNothingHasChangedThereIsOnePageThatSaysSo()
    {
        var page = Assert.Single(await PagesAsync(new Server().Answers(HttpStatusCode.NotModified), since: "v0"));

        Assert.Equal((true, "v0", 0), (page.IsUnchanged, page.Version, page.Users.Count));
    }

    [Fact]
    public async Task WhoStopsReadingStopsAsking()
    {
        var server = new Server().Answers(Page("alice", "after-alice", "v1"));

        await foreach (var _ in Some.Client(server).GetRosterAsync("team", caller: Some.Alice))
        {
            break;
        }

        Assert.Single(server.Asked);
    }

    private static async Task<IReadOnlyList<RosterPage>> PagesAsync(Server server, string since)
    {
        var pages = new List<RosterPage>();
        await foreach (var page in Some.Client(server).GetRosterPagesAsync("team", since, caller: Some.Alice))
        {
            pages.Add(page);
        }

        return pages;
    }

    private static string Page(string user, string? after, string version) =>
        $$"""{"conversationId":"team","users":[{"userId":"{{user}}"}],"nextAfter":{{(after is null ? "null" : $"\"{after}\"")}},"version":"{{version}}"}""";
}
