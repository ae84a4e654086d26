using System.Net;
using System.Text;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class BadInputTests
{
    [Theory]
    [InlineData("maintenance/user-status", "{", "body")]
    [InlineData("maintenance/user-status", "hello", "body")]
    [InlineData("maintenance/user-status", "[]", "body")]
    [InlineData("maintenance/user-status", "null", "body")]
    [InlineData("maintenance/user-status", "{\"userId\":\"a\"}", "isOnline")]
    [InlineData("maintenance/user-status", "{\"isOnline\":true}", "userId")]
    [InlineData("maintenance/user-status", "{\"userId\":null,\"isOnline\":true}", "userId")]
    [InlineData("maintenance/user-status", "{\"userId\":1,\"isOnline\":true}", "userId")]
    [InlineData("maintenance/user-status", "{\"userId\":\"a\",\"isOnline\":\"true\"}", "isOnline")]
    [InlineData("maintenance/user-status", "{\"userId\":\"a\",\"isOnline\":true,\"more\":1}", "more")]
    [InlineData("maintenance/user-status", "{\"userId\":\"a\",\"userId\":\"b\",\"isOnline\":true}", "duplicate")]
    [InlineData("maintenance/user-status", "{\"userId\":\"\",\"isOnline\":true}", "userId")]
    [InlineData("maintenance/user-status", "{\"userId\":\"\\ud800\",\"isOnline\":true}", "userId")]
    [InlineData("maintenance/user-status", "{\"userId\":\"anon:\",\"isOnline\":true}", "userId")]
    [InlineData("maintenance/user-status", "{\"userId\":\"anon:anon:a\",\"isOnline\":true}", "userId")]
    [InlineData("api/anonymous-sessions", "{\"participantId\":\"\"}", "participantId")]
    [InlineData("api/anonymous-sessions", "{\"participantId\":\"anon:a\"}", "participantId")]
    [InlineData("api/anonymous-sessions", "{\"lifetimeSeconds\":0}", "lifetimeSeconds")]
    [InlineData("api/anonymous-sessions", "{\"lifetimeSeconds\":\"60\"}", "lifetimeSeconds")]
    [InlineData("api/anonymous-sessions", "{\"lifetimeSeconds\":1e300}", "lifetimeSeconds")]
    public async Task ABadBodyOfTheBackendIsRefusedByTheNameOfItsField(string path, string body, string field)
    {
        var system = await Target.AnyAsync();

        (await system.Backend.SendAsync(HttpMethod.Post, path, Json(body))).MustRefuse(field);
    }

    [Theory]
    [InlineData("api/activity", "{\"status\":\"online\"}", "status")]
    [InlineData("api/activity", "\"\"", "body")]
    [InlineData("api/negotiate", "{\"watch\":\"bob\"}", "watch")]
    [InlineData("api/negotiate", "{\"watch\":[1]}", "watch")]
    [InlineData("api/negotiate", "{\"watch\":[null]}", "watch")]
    [InlineData("api/negotiate", "{\"watch\":[\"\"]}", "watch")]
    [InlineData("api/negotiate", "{\"Watch\":[\"bob\"]}", "Watch")]
    public async Task ABadBodyOfAUserIsRefusedByTheNameOfItsField(string path, string body, string field)
    {
        var system = await Target.AnyAsync();

        (await system.NewUser("alice").Caller.SendAsync(HttpMethod.Post, path, Json(body))).MustRefuse(field);
    }

    [Fact]
    public async Task ABodyOfAMegabyteIsRefused()
    {
        var system = await Target.AnyAsync();
        var body = $$"""{"userId":"{{new string('a', 1 << 20)}}","isOnline":true}""";

        (await system.Backend.SendAsync(HttpMethod.Post, "maintenance/user-status", Json(body))).MustRefuse("body");
        (await system.NewUser("alice").Caller.SendAsync(HttpMethod.Post, "api/negotiate", Json(body))).MustRefuse("body");
    }

    [Fact]
    public async Task TooManyUsersToWatchAreRefused()
    {
        var system = await Target.AnyAsync();
        var body = new { watch = Enumerable.Range(0, 21).Select(i => $"user-{i}") };

        (await system.NewUser("alice").Caller.PostAsync("api/negotiate", body)).MustRefuse("watch");
    }

    [Fact]
    public async Task TwoHundredUsersAreLookedUpAndOneMoreIsRefused()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        static string Query(int count) => "api/presence?ids=" + string.Join(',', Enumerable.Range(0, count).Select(i => $"user-{i}"));

        Assert.Equal(200, (await alice.Caller.GetAsync(Query(200))).Data.GetProperty("users").GetArrayLength());
        (await alice.Caller.GetAsync(Query(201))).MustRefuse("ids");
        (await alice.Caller.GetAsync("api/presence?ids=")).MustRefuse("ids");
        (await alice.Caller.GetAsync("api/presence")).MustRefuse("ids");
    }

    [Theory, InlineData("a b"), InlineData("a|b"), InlineData("ä"), InlineData("a+b"), InlineData("101")]
    public async Task ABadConversationIdIsRefused(string id)
    {
        var system = await Target.AnyAsync();
        var conversation = Uri.EscapeDataString(id == "101" ? new string('c', 101) : id);

        (await system.NewUser("alice").Caller.GetAsync($"api/conversations/{conversation}/presence")).MustRefuse("conversationId");
        (await system.Backend.SendAsync(HttpMethod.Put, $"api/conversations/{conversation}/members/bob")).MustRefuse("conversationId");
    }

    [Theory, InlineData("0"), InlineData("1001"), InlineData("x"), InlineData("-1")]
    public async Task ABadPageLengthIsRefused(string limit)
    {
        var system = await Target.AnyAsync();
        var (alice, conversation) = (system.NewUser("alice"), Some.Conversation());
        await system.JoinAsync(conversation, alice);

        (await alice.Caller.GetAsync($"api/conversations/{conversation}/presence?limit={limit}")).MustRefuse("limit");
    }

    [Fact]
    public async Task AnIdTooLongIsRefusedWhereverItIsWritten()
    {
        var system = await Target.AnyAsync();
        var (alice, id) = (system.NewUser("alice"), new string('a', 129));

        (await alice.Caller.GetAsync($"api/presence/{id}")).MustRefuse("userId");
        (await alice.Caller.GetAsync($"api/presence?ids={id}")).MustRefuse("ids");
        (await alice.Caller.PostAsync("api/negotiate", new { watch = new[] { id } })).MustRefuse("watch");
        (await system.Backend.PostAsync("maintenance/user-status", new { userId = id, isOnline = true })).MustRefuse("userId");
        (await system.Backend.PostAsync("api/anonymous-sessions", new { participantId = id })).MustRefuse("participantId");
        (await system.Backend.SendAsync(HttpMethod.Put, $"api/conversations/c/members/{id}")).MustRefuse("userId");
        (await system.Backend.SendAsync(HttpMethod.Delete, $"api/anonymous-sessions/{id}")).MustRefuse("participantId");
    }

    [Fact]
    public async Task ARefusedRequestLeavesNothingBehind()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");

        (await system.Backend.SendAsync(
            HttpMethod.Post, "maintenance/user-status", Json($$"""{"userId":"{{alice.Id}}","isOnline":1}"""))).MustRefuse("isOnline");

        var seen = (await system.NewUser("bob").Caller.GetAsync($"api/presence/{alice.Id}")).Data;
        Assert.Equal(0, seen.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task AnUnknownRouteIsNotFound()
    {
        var system = await Target.AnyAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await system.Backend.GetAsync("api/nothing")).Status);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
