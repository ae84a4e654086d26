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
    [InlineData("maintenance/user-status", "{\"\\ud800\":1}", "body")]
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
    public async Task FiveHundredUsersAreLookedUpAndOneMoreIsRefused()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        static string Query(int count) => "api/presence?ids=" + string.Join(',', Enumerable.Range(0, count).Select(i => $"user-{i}"));

        Assert.Equal(500, (await alice.Caller.GetAsync(Query(500))).Data.GetProperty("users").GetArrayLength());
        (await alice.Caller.GetAsync(Query(501))).MustRefuse("ids");
        (await alice.Caller.GetAsync("api/presence?ids=")).MustRefuse("ids");
        (await alice.Caller.GetAsync("api/presence")).MustRefuse("ids");
    }

    [Theory, InlineData("a b"), InlineData("a|b"), InlineData("ä"), InlineData("a+b"), InlineData("101")]
    public async Task ABadConversationIdIsRefused(string id)
    {
        var system = await Target.AnyAsync();
        var conversation = Uri.EscapeDataString(id == "101" ? new string('c', 101) : id);

        (await system.NewUser("alice").Caller.GetAsync($"api/conversations/{conversation}/presence")).MustRefuse("conversationId");
        (await system.NewUser("alice").ShowAsync(conversation, """{"state":1}""")).MustRefuse("conversationId");
        (await system.Backend.SendAsync(HttpMethod.Put, $"api/conversations/{conversation}/members/bob")).MustRefuse("conversationId");
        (await system.Backend.GetAsync($"api/conversations/{conversation}/history")).MustRefuse("conversationId");
    }

    [Theory]
    [InlineData("api/history/alice?from=yesterday", "from")]
    [InlineData("api/history/alice?from=2026-02-30", "from")]
    [InlineData("api/history/alice?to=2026-11-26T00:00:00Z", "to")]
    [InlineData("api/history/alice?from=2026-11-26&to=2026-11-25", "to")]
    [InlineData("api/history/alice?from=2026-01-01&to=2026-04-11", "from")]
    [InlineData("api/history/alice?from=2026-01-01&from=2026-01-02", "from")]
    [InlineData("api/history/alice?format=xml", "format")]
    [InlineData("api/conversations/c/history?from=0", "from")]
    [InlineData("api/conversations/c/history?format=CSV", "format")]
    [InlineData("maintenance/analytics?from=2025-01-01&to=2026-02-05", "from")]
    [InlineData("maintenance/analytics?to=never", "to")]
    [InlineData("maintenance/analytics?timeZone=Mars/Olympus", "timeZone")]
    [InlineData("maintenance/analytics?timeZone=../../etc/passwd", "timeZone")]
    public async Task DaysAndWhatElseIsAskedOfThePastAreRefusedByTheirNames(string path, string field)
    {
        var system = await Target.AnyAsync();

        (await system.Backend.GetAsync(path)).MustRefuse(field);
    }

    [Theory]
    [InlineData("from=0001-01-01&to=0001-01-01")]
    [InlineData("to=0001-01-01")]
    [InlineData("from=9999-12-31&to=9999-12-31")]
    [InlineData("to=9999-12-31")]
    [InlineData("to=9999-12-01")]
    public async Task TheFirstAndTheLastDaysThereAreAreDaysOnWhichNothingWas(string days)
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");

        Assert.Empty((await alice.Caller.GetAsync($"api/presence/me/history?{days}")).MustBeOk().Data.GetProperty("sessions").EnumerateArray());
        Assert.Empty((await system.Backend.GetAsync($"api/history/{alice.Id}?{days}")).MustBeOk().Data.GetProperty("sessions").EnumerateArray());
        Assert.Empty((await system.Backend.GetAsync($"api/history?userId={alice.Id}&{days}")).MustBeOk().Data.GetProperty("sessions").EnumerateArray());
        Assert.Empty((await system.Backend.GetAsync($"api/conversations/{Some.Conversation()}/history?{days}")).MustBeOk().Data.GetProperty("hours").EnumerateArray());
        Assert.Empty((await system.Backend.GetAsync($"maintenance/analytics?timeZone=Pacific/Kiritimati&{days}")).MustBeOk().Data.GetProperty("days").EnumerateArray());
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00-14:00")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    [InlineData("9999-12-31T23:59:59+14:00")]
    public async Task AsLastActivityTheFirstAndTheLastMomentThereAreAreTaken(string moment)
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");

        (await alice.Caller.PostAsync("api/negotiate", new { activeAt = moment })).MustBeOk();
        (await alice.Caller.SendAsync(HttpMethod.Post, "api/activity", headers: [("Presence-Active-At", moment)])).MustBeOk();
        (await system.Backend.PostAsync("api/activity/batch", new object[] { new { userId = system.NewUser("bob").Id, at = moment } })).MustBeOk();
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00+14:00", "ISO 8601")]
    [InlineData("9999-12-31T23:59:59-14:00", "ISO 8601")]
    [InlineData("0001-01-01T00:00:00Z", "366 days")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "366 days")]
    [InlineData("9999-12-31T23:59:59+14:00", "366 days")]
    [InlineData("P999999DT99999999H999999999M999999999S", "366 days")]
    public async Task AnEndThatCannotBeIsRefusedByItsNameAndLimit(string until, string limit)
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");

        foreach (var answer in new[]
        {
            await alice.Caller.SendAsync(HttpMethod.Put, "api/presence/me", Json($$"""{"availability":"busy","until":"{{until}}"}""")),
            await system.Backend.SendAsync(HttpMethod.Put, $"maintenance/bans/{alice.Id}", Json($$"""{"until":"{{until}}"}""")),
        })
        {
            answer.MustRefuse("until");
            Assert.Contains(limit, answer.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory, InlineData("0"), InlineData("99999999999999")]
    public async Task AnyVersionThatCanBeIsOneToReadFrom(string since)
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");

        (await alice.Caller.GetAsync($"api/presence?ids={alice.Id}&since={since}")).MustBeOk();
        (await alice.Caller.PostAsync("api/presence", new { ids = new[] { alice.Id }, since })).MustBeOk();
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
        (await system.Backend.GetAsync($"api/visibility?userId={id}")).MustRefuse("userId");
        (await system.Backend.GetAsync($"api/history/{id}")).MustRefuse("userId");
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

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    [InlineData("x-of-my-own")]
    public async Task AnEncodedBodyIsRefusedByTheNameOfItsEncoding(string encoding)
    {
        var system = await Target.AnyAsync();
        var body = Json("{}");
        body.Headers.TryAddWithoutValidation("Content-Encoding", encoding);

        var answer = (await system.Backend.SendAsync(HttpMethod.Post, "api/anonymous-sessions", body))
            .MustBe(HttpStatusCode.UnsupportedMediaType, "unsupported_encoding");

        Assert.Contains(encoding.Split(' ')[^1], answer.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("identity", answer.Headers["Accept-Encoding"]);
    }

    [Theory]
    [InlineData("application/json; charset=iso-8859-1", "iso-8859-1")]
    [InlineData("application/json;charset=\"utf-16\"", "utf-16")]
    [InlineData("application/json; charset=utf-8; charset=latin1", "latin1")]
    [InlineData("application/json; charset=", "''")]
    [InlineData("json; charset=latin1", "latin1")]
    public async Task AnotherCharsetIsRefusedByItsName(string type, string named)
    {
        var system = await Target.AnyAsync();

        var answer = (await system.Backend.SendAsync(HttpMethod.Post, "api/anonymous-sessions", OfType("{}"u8, type)))
            .MustBe(HttpStatusCode.UnsupportedMediaType, "unsupported_charset");

        Assert.Contains(named, answer.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("application/json", "identity")]
    [InlineData("application/json; charset=utf-8", "IDENTITY")]
    [InlineData("application/json; charset=\"UTF-8\"", null)]
    [InlineData("text/plain;charset=utf8", "")]
    [InlineData("nothing known", null)]
    public async Task ABodyInUtf8IsReadWhateverElseIsSaidOfIt(string? type, string? encoding)
    {
        var system = await Target.AnyAsync();
        var participant = $"gäst-{Guid.NewGuid():N}";
        var body = OfType(Encoding.UTF8.GetBytes($$"""{"participantId":"{{participant}}"}"""), type);
        if (encoding is not null)
        {
            body.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        Assert.Equal(participant, (await system.Backend.SendAsync(HttpMethod.Post, "api/anonymous-sessions", body)).Text("participantId"));
    }

    [Fact]
    public async Task AByteOrderMarkInFrontOfJsonIsNoPartOfIt()
    {
        var system = await Target.AnyAsync();
        var participant = $"guest-{Guid.NewGuid():N}";
        byte[] mark = [0xEF, 0xBB, 0xBF];

        var read = await system.Backend.SendAsync(
            HttpMethod.Post, "api/anonymous-sessions", OfType([.. mark, .. Encoding.UTF8.GetBytes($$"""{"participantId":"{{participant}}"}""")], "application/json"));

        Assert.Equal(participant, read.Text("participantId"));
        (await system.Backend.SendAsync(HttpMethod.Post, "api/anonymous-sessions", OfType(mark, "application/json"))).MustBeOk();
        foreach (var bad in new byte[][] { [.. mark, .. mark, .. "{}"u8], [0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0], [.. mark[..2], .. "{}"u8] })
        {
            (await system.Backend.SendAsync(HttpMethod.Post, "api/anonymous-sessions", OfType(bad, null))).MustRefuse("body");
        }
    }

    [Theory, InlineData("limit=1&limit=2", "limit"), InlineData("after=a&after=b", "after")]
    public async Task ARepeatedParameterOfAPageIsRefused(string query, string field)
    {
        var system = await Target.AnyAsync();
        var (alice, conversation) = (system.NewUser("alice"), Some.Conversation());
        await system.JoinAsync(conversation, alice);

        (await alice.Caller.GetAsync($"api/conversations/{conversation}/presence?{query}")).MustRefuse(field);
    }

    [Fact]
    public async Task PagesMayReadWhichCredentialsAreMissing()
    {
        var system = await Target.AnyAsync();

        var answer = (await system.Nobody.GetAsync("api/conversations")).MustBe(HttpStatusCode.Unauthorized, "unauthenticated");

        Assert.Equal(("Bearer", "WWW-Authenticate, Date"), (answer.Headers["WWW-Authenticate"], answer.Headers["Access-Control-Expose-Headers"]));
    }

    [Fact]
    public async Task AnUnknownRouteIsNotFound()
    {
        var system = await Target.AnyAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await system.Backend.GetAsync("api/nothing")).Status);
    }

    private static ByteArrayContent OfType(ReadOnlySpan<byte> body, string? type)
    {
        var content = new ByteArrayContent(body.ToArray());
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return content;
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
