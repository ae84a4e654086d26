using System.Net;
using Presence.Client;
using Presence.Client.Model;

namespace Presence.Tests.Client;

public class EventPageTests
{
    [Fact]
    public async Task PagesAreAskedForAsTheyAreReadEachBehindTheOneBeforeUntilThereIsNoMore()
    {
        var server = new Server().Answers(Page("alice", "c1", hasMore: true)).Answers(Page("bob", "c2", hasMore: true)).Answers(Page("carol", "c3", hasMore: false));
        var seen = new List<(string, string, int)>();

        await foreach (var page in Some.Client(server).GetEventPagesAsync("c0", pageSize: 1, TestContext.Current.CancellationToken))
        {
            seen.Add((Assert.Single(page.Events).Subject, page.Cursor, server.Asked.Count));
        }

        Assert.Equal([("alice", "c1", 1), ("bob", "c2", 2), ("carol", "c3", 3)], seen);
        Assert.Equal(
            ["/api/events?after=c0&limit=1", "/api/events?after=c1&limit=1", "/api/events?after=c2&limit=1"], server.Asked.Select(asked => asked.Path));
        Assert.All(server.Asked, asked => Assert.Equal(Some.Key, asked.Headers["x-functions-key"]));
    }

    [Fact]
    public async Task WhereThereIsNothingYetThereIsOnePageAndItsCursor()
    {
        var server = new Server().Answers("""{"events":[],"cursor":"c1","hasMore":false}""");
        var pages = new List<EventPage>();

        await foreach (var page in Some.Client(server).GetEventPagesAsync())
        {
            pages.Add(page);
        }

        Assert.Equal(("c1", 0), (Assert.Single(pages).Cursor, pages[0].Events.Count));
        Assert.Equal("/api/events", server.Only.Path);
    }

    [Fact]
    public async Task WhoStopsReadingStopsAsking()
    {
        var server = new Server().Answers(Page("alice", "c1", hasMore: true));

        await foreach (var _ in Some.Client(server).GetEventPagesAsync(EventPage.Latest))
        {
            break;
        }

        Assert.Equal("/api/events?after=latest", server.Only.Path);
    }

    [Fact]
    public async Task ACursorThatIsTooOldHasACodeOfItsOwnAndIsNotTriedAgain()
    {
        var server = new Server().Answers(HttpStatusCode.Gone, """{"success":false,"error":"too old","code":"cursor_too_old"}""");

        var refused = await Assert.ThrowsAsync<PresenceException>(() => Some.Client(server).GetEventPageAsync("c0"));

        Assert.Equal((HttpStatusCode.Gone, PresenceErrorCode.CursorTooOld), (refused.StatusCode, refused.Code));
        Assert.Single(server.Asked);
    }

    private static string Page(string user, string cursor, bool hasMore) =>
        $$"""{"events":[{"id":"{{user}}/1","subject":"{{user}}"}],"cursor":"{{cursor}}","hasMore":{{(hasMore ? "true" : "false")}}}""";
}
