using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class PathIdTests
{
    /// <summary>Every route that takes an id from its path: method, path in front of the id, the id's name.</summary>
    public static TheoryData<string, string, string> Routes => new()
    {
        { "GET", "api/presence", "userId" },
        { "HEAD", "api/presence", "userId" },
        { "PUT", "api/conversations/c/members", "userId" },
        { "DELETE", "api/conversations/c/members", "userId" },
        { "DELETE", "api/anonymous-sessions", "participantId" },
        { "GET", "api/history", "userId" },
        { "DELETE", "maintenance/users", "userId" },
        { "PUT", "maintenance/availability", "userId" },
        { "DELETE", "maintenance/availability", "userId" },
        { "DELETE", "maintenance/bans", "userId" },
    };

    [Theory, MemberData(nameof(Routes))]
    public async Task AnIdThatCouldBeAnotherIsRefusedAndPointedToTheQuery(string method, string path, string field)
    {
        var system = await Target.AnyAsync();

        // An encoded slash, one encoded twice or decoded on the way, other characters encoded twice, a percent sign, a backslash.
        foreach (var id in new[] { "acme%2Fbob", "acme%2fbob", "acme%252Fbob", "acme%25252Fbob", "acme/bob", "%2541lice", "a%25b", "%25", "a%5Cb", "%252E%252E" })
        {
            Refused(await SendAsync(system, method, $"{path}/{id}"), method, field);
        }
    }

    [Theory, MemberData(nameof(Routes))]
    public async Task AnIdThatTheFrontEndHasRewrittenIsRefused(string method, string path, string field)
    {
        var system = await Target.AnyAsync();

        foreach (var id in new[] { "%2Fbob", "%5cbob", "\\bob", "%2562ob", "/bob" })
        {
            Refused(await SendAsync(system, method, $"{path}/bob", ("X-Waws-Unencoded-Url", $"/{path}/{id}?x=y")), method, field);
        }

        Assert.Equal(200, (int)(await SendAsync(system, method, $"{path}/bob", ("X-Waws-Unencoded-Url", $"/{path}/bob?x=%2F%25"))).Status);
    }

    [Theory, MemberData(nameof(Routes))]
    public async Task AnIdIsGivenOnce(string method, string path, string field)
    {
        var system = await Target.AnyAsync();

        foreach (var query in new[] { $"/bob?{field}=bob", $"/me?{field}=", $"?{field}=bob&{field}=bob", $"?{field}=a&{field.ToUpperInvariant()}=b", $"?{field}", $"?{field}=" })
        {
            Refused(await SendAsync(system, method, path + query), method, field);
        }
    }

    [Theory, MemberData(nameof(Routes))]
    public async Task AnIdThatClientsTakeForAPartOfThePathReachesNobody(string method, string path, string field)
    {
        var system = await Target.AnyAsync();

        // Clients and servers make the path in front of it.
        var answer = await SendAsync(system, method, $"{path}/.");

        Refused(answer, method, path == "api/presence" ? "ids" : field);
    }

    [Fact]
    public async Task EncodedCharactersOtherThanThoseAreReadInPaths()
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("a b+c&d=e#f?ä😀:@"), system.NewUser("bob"));
        await alice.ActAsync();

        Assert.Equal(alice.Id, (await bob.Caller.GetAsync($"api/presence/{Uri.EscapeDataString(alice.Id)}")).Text("userId"));
        Assert.Equal(alice.Id, (await system.Backend.SendAsync(HttpMethod.Delete, $"maintenance/users/{Uri.EscapeDataString(alice.Id)}")).Text("userId"));
    }

    [Fact]
    public async Task WhoIsErasedByAPathIsNobodyElse()
    {
        await using var system = await Target.OwnAsync();
        var (slash, bob) = (system.UserOf("acme/bob"), system.UserOf("bob"));
        await slash.ActAsync();
        await bob.ActAsync();

        foreach (var id in new[] { "acme%2Fbob", "acme%252Fbob", "acme/bob", "%2Fbob", "%252Fbob" })
        {
            (await system.Backend.SendAsync(HttpMethod.Delete, $"maintenance/users/{id}")).MustRefuse("?userId=");
        }

        Assert.Equal(("online", "online"), (await slash.StatusSeenByAsync(bob), await bob.StatusSeenByAsync(slash)));
    }

    [Fact]
    public async Task OneUserAndManyExcludeEachOther()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");

        (await alice.Caller.GetAsync("api/presence?userId=a&ids=a")).MustRefuse("userId");
        (await alice.Caller.GetAsync("api/presence?userId=a&userId=b")).MustRefuse("userId");
        Assert.Equal("me", (await alice.Caller.GetAsync("api/presence?userId=me")).Text("userId"));
        Assert.Equal(alice.Id, (await alice.Caller.GetAsync("api/presence/me")).Text("userId"));
    }

    [Fact]
    public async Task AConversationWithEncodedSlashesIsRefused()
    {
        var system = await Target.AnyAsync();

        foreach (var id in new[] { "a%2Fb", "a%252Fb", "a%25b" })
        {
            (await system.NewUser("alice").Caller.GetAsync($"api/conversations/{id}/presence")).MustRefuse("conversationId");
            (await system.NewUser("alice").ShowAsync(id, """{"state":1}""")).MustRefuse("conversationId");
            (await system.Backend.SendAsync(HttpMethod.Put, $"api/conversations/{id}/members?userId=bob")).MustRefuse("conversationId");
        }

        (await system.NewUser("alice").Caller.SendAsync(
            HttpMethod.Get, "api/conversations/c/presence", null, ("X-Waws-Unencoded-Url", "/api/conversations/%2Fc/presence"))).MustRefuse("conversationId");
    }

    private static Task<Answer> SendAsync(PresenceSystem system, string method, string path, params (string, string)[] headers) =>
        (path.StartsWith("api/presence", StringComparison.Ordinal) ? system.NewUser("alice").Caller : system.Backend)
            .SendAsync(new HttpMethod(method), path, null, headers);

    private static void Refused(Answer answer, string method, string field)
    {
        if (method == "HEAD")
        {
            Assert.Equal((400, ""), ((int)answer.Status, answer.Body));
        }
        else
        {
            answer.MustRefuse(field);
        }
    }
}
