using System.Net;
using System.Text.Json;
using Presence.Client;
using Presence.Client.Following;
using Presence.Tests.Core;

namespace Presence.Tests.Client.Following;

public class PresenceFollowerTests
{
    private const string Negotiate = "POST /api/negotiate";

    private const string Put = "PUT /api/watches";

    private const string Patch = "PATCH /api/watches";

    private const string AliceOnline = """{"userId":"alice","isOnline":true,"status":"online","availability":"available","version":5}""";

    private const string Roster = "GET /api/conversations/team/presence";

    private const string LargeTeam = """{"conversations":[{"conversationId":"team","mode":"counts","isComplete":false}],"users":[]}""";

    private const string SmallAgain = """{"conversationId":"team","mode":"names","occupancy":{"members":2,"online":1,"away":0},"version":"x"}""";

    private const string WholeRoster = $$"""{"conversationId":"team","occupancy":{"members":2,"online":1,"away":0},"users":[{{AliceOnline}}],"version":"v1","isComplete":true,"mode":"names"}""";

    private const string AliceOffline = """{"userId":"alice","isOnline":false,"status":"offline","availability":"offline","version":6}""";

    [Fact]
    public async Task DeltasWaitForTheSnapshot()
    {
        await using var harness = new FollowerHarness();
        harness.Follower.Start();
        var link = await harness.ConnectsAsync();

        link.Hears("user:status", AliceOffline);
        link.Hears("user:status:batch", """[{"userId":"bob","isOnline":true,"version":3}]""");
        Assert.Empty(harness.Follower.Users);
        link.Hears("presence:snapshot", Snapshot(AliceOnline));
        await harness.IsLiveAsync();

        Assert.False(harness.Follower.Users["alice"].IsOnline);
        Assert.True(harness.Follower.Users["bob"].IsOnline);
    }

    [Fact]
    public async Task AReaderHearsEachChangeOnceAndInTurn()
    {
        await using var harness = new FollowerHarness();
        var link = await harness.LiveAsync(Snapshot(AliceOnline));
        await using var changes = harness.Follower.ReadChangesAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = changes.MoveNextAsync().AsTask().InTime();

        link.Hears("user:status", AliceOnline);
        link.Hears("user:status", AliceOffline);
        link.Hears("user:status", AliceOffline);
        link.Hears("conversation:counts", """{"conversationId":"team","members":600,"online":7,"away":1,"version":"x"}""");

        Assert.True(await next);
        var first = Assert.IsType<UserChanged>(changes.Current);
        Assert.Equal(("alice", true, false, ChangeCause.Live), (first.UserId, first.From!.IsOnline, first.To!.IsOnline, first.Cause));
        Assert.True(await changes.MoveNextAsync().AsTask().InTime());
        Assert.Equal(7, Assert.IsType<ConversationChanged>(changes.Current).To!.Occupancy.Online);
    }

    [Fact]
    public async Task WhomItWatchesIsSaidWithTheConnectionsIdAndThenWhatChanges()
    {
        await using var harness = new FollowerHarness(options => options.Watch = ["alice"]);
        harness.Server.On(Put, $$"""{"watching":1,"users":[{{AliceOnline}}],"version":"7","isComplete":true}""");
        harness.Server.On(Patch, """{"watching":1,"users":[{"userId":"bob","version":0}],"version":"8","isComplete":true}""");
        var link = await harness.LiveAsync();

        Assert.True(harness.Follower.Users["alice"].IsOnline);
        harness.Follower.Watch("bob");
        harness.Follower.Unwatch("alice");
        await harness.Until(() => harness.Follower.Users.Keys.SequenceEqual(["bob"]));

        var bodies = harness.Server.AskedOf("watches").Select(asked => JsonElement.Parse(asked.Body)).ToList();
        Assert.All(bodies, body => Assert.Equal(link.ConnectionId, body.GetProperty("connectionId").GetString()));
        Assert.All(harness.Server.AskedOf("api"), asked => Assert.Equal("passive", asked.Headers["Presence-Activity"]));
    }

    [Fact]
    public async Task AfterALostConnectionItAsksSinceTheVersionItHad()
    {
        await using var harness = new FollowerHarness(options => options.Watch = ["alice"]);
        harness.Server.On(Put, $$"""{"watching":1,"users":[{{AliceOnline}}],"version":"7","isComplete":true}""");
        var link = await harness.LiveAsync();
        harness.Server.On(Put, $$"""{"watching":1,"users":[{{AliceOffline}}],"version":"8","isComplete":false}""");

        link.Closes();
        await harness.Until(() => harness.Follower.State == FollowerState.Waiting);
        Assert.True(harness.Follower.Users["alice"].IsOnline);
        var next = await harness.Time.RunAsync(harness.ConnectsAsync(), TimeSpan.FromMilliseconds(100));
        next.Hears("presence:snapshot", """{"conversations":[],"users":[]}""");
        await harness.IsLiveAsync();

        Assert.True(link.IsClosed);
        Assert.False(harness.Follower.Users["alice"].IsOnline);
        Assert.Equal(["/api/watches", "/api/watches?since=7"], harness.Server.AskedOf("watches").Select(asked => asked.Path));
    }

    [Fact]
    public async Task ARosterThatTheSnapshotDoesNotNameWholeIsReadBeforeItIsLive()
    {
        await using var harness = new FollowerHarness();
        harness.Server.On(Roster, $$"""{"conversationId":"team","users":[{{AliceOnline}}],"version":"v1","isComplete":true,"mode":"names"}""");

        await harness.LiveAsync("""{"conversations":[{"conversationId":"team","isComplete":false,"mode":"names","version":"v0"}],"users":[]}""");

        Assert.True(harness.Follower.Users["alice"].IsOnline);
        Assert.Equal("/api/conversations/team/presence?limit=1000&since=0", Assert.Single(harness.Server.AskedOf("team")).Path);
    }

    [Fact]
    public async Task WhatIsHeardWhileItAsksIsShownAtOnceAndStandsOverTheAnswer()
    {
        await using var harness = new FollowerHarness(options => options.Watch = ["alice"]);
        var answer = new TaskCompletionSource<(HttpStatusCode, string)>();
        harness.Server.On(Put, _ => answer.Task);
        harness.Follower.Start();
        var link = await harness.ConnectsAsync();
        link.Hears("presence:snapshot", """{"conversations":[],"users":[]}""");
        await harness.Until(() => harness.Server.AskedOf("watches").Count == 1);

        link.Hears("user:status", AliceOffline);
        await harness.Until(() => harness.Follower.Users.ContainsKey("alice"));
        answer.SetResult((HttpStatusCode.OK, $$$"""{"success":true,"data":{"watching":1,"users":[{{{AliceOnline}}}],"version":"7","isComplete":true}}"""));
        await harness.IsLiveAsync();

        Assert.False(harness.Follower.Users["alice"].IsOnline);
    }

    [Fact]
    public async Task AServerThatCannotIsAskedAgainWhenItSaysSo()
    {
        await using var harness = new FollowerHarness(options => options.Watch = ["alice"]);
        harness.Server.On(Put, HttpStatusCode.ServiceUnavailable, """{"success":false,"error":"Away.","code":"storage_unavailable","retryAfterSeconds":7}""");
        harness.Follower.Start();
        var link = await harness.ConnectsAsync();
        link.Hears("presence:snapshot", """{"conversations":[],"users":[]}""");
        await harness.Until(() => harness.Server.AskedOf("watches").Count == 1);
        harness.Server.On(Put, $$"""{"watching":1,"users":[{{AliceOnline}}],"version":"7","isComplete":true}""");

        await harness.Time.RunAsync(harness.IsLiveAsync(), TimeSpan.FromMilliseconds(500));

        Assert.Equal(2, harness.Server.AskedOf("watches").Count);
        Assert.False(link.IsClosed);
    }

    [Fact]
    public async Task ItStopsForGoodWhenItsUserHasSignedOut()
    {
        await using var harness = new FollowerHarness();
        var link = await harness.LiveAsync(Snapshot(AliceOnline));
        var read = ReadAllAsync(harness.Follower);
        harness.Server.On(Negotiate, HttpStatusCode.Forbidden, """{"success":false,"error":"Signed out.","code":"signed_out"}""");

        link.Closes();
        await harness.Time.RunAsync(read.InTime(), TimeSpan.FromMilliseconds(100));

        Assert.Equal(FollowerState.SignedOut, harness.Follower.State);
        Assert.False(harness.HasConnected);
        Assert.Equal(PresenceErrorCode.SignedOut, (await Assert.ThrowsAsync<PresenceException>(() => harness.Follower.WhenLiveAsync())).Code);
    }

    [Fact]
    public async Task CredentialsAreAskedForAnewWhenTheyAreRefused()
    {
        await using var harness = new FollowerHarness();
        harness.Server.On(Negotiate, asked => Task.FromResult(asked.Headers["Authorization"] == "Bearer token-1"
            ? (HttpStatusCode.Unauthorized, """{"success":false,"error":"Expired.","code":"unauthenticated"}""")
            : (HttpStatusCode.OK, """{"url":"https://service.test","accessToken":"granted"}""")));
        harness.Follower.Start();

        var link = await harness.Time.RunAsync(harness.ConnectsAsync(), TimeSpan.FromMilliseconds(100));

        Assert.NotNull(link);
        Assert.Equal(2, harness.Server.AskedOf("negotiate").Count);
    }

    [Fact]
    public async Task WithoutASnapshotAConnectionIsGivenUp()
    {
        await using var harness = new FollowerHarness();
        harness.Follower.Start();
        var link = await harness.ConnectsAsync();

        await harness.Time.RunAsync(harness.ConnectsAsync(), TimeSpan.FromSeconds(1));

        Assert.True(link.IsClosed);
    }

    [Fact]
    public async Task AConnectionThatDoesNotOpenIsGivenUp()
    {
        await using var harness = new FollowerHarness { Opens = false };
        harness.Follower.Start();
        var link = await harness.ConnectsAsync();

        await harness.Time.RunAsync(harness.ConnectsAsync(), TimeSpan.FromSeconds(1));

        Assert.True(link.IsClosed);
    }

    [Fact]
    public async Task AConnectionThatIsRefusedWhatItAsksMakesTheNextWaitLonger()
    {
        await using var harness = new FollowerHarness(options => options.Watch = ["alice"]) { Chance = 1 };
        harness.Server.On(Put, HttpStatusCode.NotFound, """{"success":false,"error":"No such connection.","code":"not_found"}""");
        harness.Follower.Start();
        var began = new List<DateTimeOffset>();

        for (var i = 0; i < 4; i++)
        {
            var link = await harness.Time.RunAsync(harness.ConnectsAsync(), TimeSpan.FromMilliseconds(100));
            began.Add(harness.Time.GetUtcNow());
            link.Hears("presence:snapshot", """{"conversations":[],"users":[]}""");
        }

        Assert.True(began[1] - began[0] >= TimeSpan.FromSeconds(1));
        Assert.True(began[2] - began[1] >= TimeSpan.FromSeconds(2));
        Assert.True(began[3] - began[2] >= TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task ItMayBeDisposedOfTwiceAndDoesNotStartAfterwards()
    {
        await using var harness = new FollowerHarness();
        await harness.LiveAsync();

        await harness.Follower.DisposeAsync();
        await harness.Follower.DisposeAsync();

        Assert.Equal(FollowerState.Stopped, harness.Follower.State);
        Assert.Throws<ObjectDisposedException>(harness.Follower.Start);
    }

    [Fact]
    public async Task EachChangeIsReadOrCountedAsMissedHoweverFastTheyCome()
    {
        var feed = new ChangeFeed(1);
        var telling = Task.Run(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                feed.Tell(new ConversationChanged("team", null));
            }

            feed.End();
        }, TestContext.Current.CancellationToken);

        Assert.Equal(100_000, await CountAsync().InTime());
        await telling;

        async Task<long> CountAsync()
        {
            var count = 0L;
            await foreach (var change in feed.ReadAsync(TestContext.Current.CancellationToken))
            {
                count += change is ChangesMissed missed ? missed.Count : 1;
            }

            return count;
        }
    }

    [Fact]
    public async Task WhatItMayHaveMissedWithoutKnowingItAsksEachHour()
    {
        await using var harness = new FollowerHarness(options => options.Watch = ["alice"]);
        harness.Server.On(Put, $$"""{"watching":1,"users":[{{AliceOnline}}],"version":"7","isComplete":true}""");
        await harness.LiveAsync();
        harness.Server.On(Put, $$"""{"watching":1,"users":[{{AliceOffline}}],"version":"8","isComplete":false}""");

        harness.Time.Advance(TimeSpan.FromHours(1));
        await harness.Until(() => !harness.Follower.Users["alice"].IsOnline);

        Assert.Equal("/api/watches?since=7", harness.Server.AskedOf("watches")[^1].Path);
    }

    [Fact]
    public async Task WhenAConversationTurnsLargeItSaysAgainWhomItWatchesAfterAWhile()
    {
        await using var harness = new FollowerHarness(options => options.Watch = ["alice"]);
        harness.Server.On(Put, $$"""{"watching":1,"users":[{{AliceOnline}}],"version":"7","isComplete":true}""");
        var link = await harness.LiveAsync(Snapshot(AliceOnline));

        link.Hears("conversation:mode", """{"conversationId":"team","mode":"counts","occupancy":{"members":600,"online":1,"away":0},"version":"x"}""");
        await harness.Until(() => harness.Follower.Conversations["team"].Mode == "counts");
        Assert.Single(harness.Server.AskedOf("watches"));

        var began = harness.Time.GetUtcNow();
        await harness.Time.RunAsync(harness.Until(() => harness.Server.AskedOf("watches").Count == 2), TimeSpan.FromSeconds(1));
        Assert.True(harness.Time.GetUtcNow() - began >= TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task WhenAConversationTurnsSmallItReadsItsRosterAfterAWhile()
    {
        await using var harness = new FollowerHarness();
        harness.Server.On(Roster, WholeRoster);
        var link = await harness.LiveAsync(LargeTeam);

        link.Hears("conversation:mode", SmallAgain);
        await harness.Until(() => harness.Follower.Conversations["team"].Mode == "names");
        Assert.Empty(harness.Server.AskedOf("conversations"));

        var began = harness.Time.GetUtcNow();
        await harness.Time.RunAsync(harness.Until(() => harness.Follower.Users.ContainsKey("alice")), TimeSpan.FromSeconds(1));
        Assert.InRange(harness.Time.GetUtcNow() - began, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30));
        Assert.Single(harness.Server.AskedOf("conversations"));
    }

    [Fact]
    public async Task WhichTurnsLargeAgainMeanwhileIsNotRead()
    {
        await using var harness = new FollowerHarness();
        var link = await harness.LiveAsync(LargeTeam);

        link.Hears("conversation:mode", SmallAgain);
        link.Hears("conversation:mode", SmallAgain.Replace("names", "counts", StringComparison.Ordinal));
        link.Hears("user:status", AliceOnline);
        await harness.Until(() => harness.Follower.Users.ContainsKey("alice"));
        harness.Time.Advance(FollowerSession.SpreadOver);
        link.Hears("user:status", AliceOffline);
        await harness.Until(() => !harness.Follower.Users["alice"].IsOnline);

        Assert.Empty(harness.Server.AskedOf("conversations"));
    }

    [Fact]
    public async Task WhomItKnowsAndHearsToHaveJoinedAConversationItFindsInItsRosterAfterAWhile()
    {
        await using var harness = new FollowerHarness();
        harness.Server.On(Roster, WholeRoster);
        var link = await harness.LiveAsync(
            $$"""{"conversations":[{"conversationId":"other","users":[{{AliceOnline}}],"isComplete":true,"version":"1"},{"conversationId":"team","isComplete":true,"version":"1"}],"users":[]}""");

        link.Hears("user:status", AliceOnline.Replace("{", "{\"joined\":\"team\",", StringComparison.Ordinal));
        await harness.Time.RunAsync(harness.Until(() => harness.Server.AskedOf("conversations/team").Count == 1), TimeSpan.FromSeconds(1));
        await harness.Until(() => harness.Follower.Conversations["team"].Occupancy.Members == 2);
        link.Hears("conversation:left", "{\"conversationId\":\"other\"}");
        await harness.Until(() => !harness.Follower.Conversations.ContainsKey("other"));

        // It knows her by the one that is left.
        Assert.Null(harness.Follower.Users["alice"].Joined);
        Assert.Empty(harness.Server.AskedOf("conversations/other"));
    }

    [Fact]
    public async Task AConversationThatItsUserHasLeftIsForgottenAndWhomItKnewByThatAlone()
    {
        await using var harness = new FollowerHarness();
        var link = await harness.LiveAsync(Snapshot(AliceOnline));
        await using var changes = harness.Follower.ReadChangesAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = changes.MoveNextAsync().AsTask().InTime();

        link.Hears("conversation:left", "{\"conversationId\":\"unknown\"}");
        link.Hears("conversation:left", "{\"conversationId\":\"team\"}");

        Assert.True(await next);
        Assert.Equal(new ConversationChanged("team", null), changes.Current);
        Assert.True(await changes.MoveNextAsync().AsTask().InTime());
        Assert.Equal("alice", Assert.IsType<UserChanged>(changes.Current).UserId);
        Assert.Empty(harness.Follower.Conversations);
        Assert.Empty(harness.Follower.Users);
    }

    [Fact]
    public async Task AReaderThatIsTooSlowIsToldHowManyItMissed()
    {
        await using var harness = new FollowerHarness(options => options.ChangesKept = 2);
        var link = await harness.LiveAsync();
        await using var changes = harness.Follower.ReadChangesAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = changes.MoveNextAsync().AsTask().InTime();
        link.Hears("user:status", """{"userId":"first","version":1}""");
        Assert.True(await next);

        link.Hears("user:status:batch", "[" + string.Join(',', Enumerable.Range(0, 5).Select(i => $$"""{"userId":"user-{{i}}","version":1}""")) + "]");
        await harness.Until(() => harness.Follower.Users.ContainsKey("user-4"));

        var heard = new List<PresenceChange>();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await changes.MoveNextAsync().AsTask().InTime());
            heard.Add(changes.Current);
        }

        Assert.Equal(["user-0", "user-1"], heard.OfType<UserChanged>().Select(change => change.UserId));
        Assert.Equal(new ChangesMissed(3), heard[2]);
    }

    [Theory, InlineData(0, 1), InlineData(1, 2), InlineData(4, 16), InlineData(5, 30), InlineData(50, 30)]
    public void TheWaitIsAnythingUpToTwiceAsLongEachTimeAndNeverShorterThanTheServerWishes(int failures, int seconds)
    {
        var (never, always) = (new Reconnecting(() => 0), new Reconnecting(() => 1));
        for (var i = 0; i < failures; i++)
        {
            never.Next(null);
            always.Next(null);
        }

        Assert.Equal(TimeSpan.FromSeconds(5), never.Next(TimeSpan.FromSeconds(5)));
        Assert.Equal(TimeSpan.FromSeconds(seconds), always.Next(null));
        always.Succeeded();
        Assert.Equal(TimeSpan.FromSeconds(1), always.Next(null));
    }

    [Fact]
    public void MoreThanAConnectionWatchesIsRefusedAndChangesNothing()
    {
        var ids = Enumerable.Range(0, 500).Select(i => $"user-{i}").ToArray();
        var watched = new WatchedIds(ids);

        Assert.Throws<ArgumentException>(() => watched.Add(["one-more"]));

        Assert.Equal(500, watched.Now.Count);
    }

    private static string Snapshot(string user) =>
        $$"""{"conversations":[{"conversationId":"team","users":[{{user}}],"isComplete":true,"mode":"names","version":"v1"}],"users":[]}""";

    private static async Task ReadAllAsync(PresenceFollower follower)
    {
        await foreach (var _ in follower.ReadChangesAsync(TestContext.Current.CancellationToken))
        {
        }
    }
}
