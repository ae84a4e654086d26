using System.Net;
using Presence.Tests.EndToEnd.Harness;
using Presence.Tests.Functions.Http;

namespace Presence.Tests.EndToEnd;

public class MethodTests
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "ODD"];

    /// <summary>Every route that is declared, filled in, with the methods of all routes that fit it.</summary>
    public static TheoryData<string, string> Paths =>
        new(DeclaredFunctions.WithMethods.Select(f => f.PathWith("alice")).Distinct().Select(path => (path, AllowedAt(path))));

    [Theory, MemberData(nameof(Paths))]
    public async Task AKnownPathSaysWhichMethodsItAnswersTo(string path, string allowed)
    {
        var system = await Target.AnyAsync();

        foreach (var method in Methods.Except(allowed.Split(", ")))
        {
            var answer = await system.Backend.SendAsync(new HttpMethod(method), path);
            Assert.Equal((method, HttpStatusCode.MethodNotAllowed, allowed), (method, answer.Status, answer.Headers["Allow"]));
            Assert.Contains("Allow", answer.Headers["Access-Control-Expose-Headers"], StringComparison.Ordinal);
            if (method == "HEAD")
            {
                Assert.Empty(answer.Body);
            }
            else
            {
                answer.MustBe(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
            }
        }

        var options = await system.Backend.SendAsync(HttpMethod.Options, path);
        Assert.Equal((HttpStatusCode.NoContent, allowed, ""), (options.Status, options.Headers["Allow"], options.Body));
    }

    [Theory]
    [InlineData("maintenance/stats")]
    [InlineData("maintenance/users/alice")]
    [InlineData("maintenance/nothing")]
    [InlineData("api/activity/batch")]
    [InlineData("api/activity/batch/more")]
    [InlineData("api/conversations/c/members")]
    [InlineData("api/conversations/c/members/alice")]
    [InlineData("api/conversations/c/members/alice/more")]
    [InlineData("api/anonymous-sessions")]
    [InlineData("api/anonymous-sessions/guest")]
    [InlineData("api/anonymous-sessions/guest/more")]
    [InlineData("api/conversations/c/history")]
    [InlineData("api/conversations/c/history/more")]
    [InlineData("api/history")]
    [InlineData("api/history/alice")]
    [InlineData("api/history/alice/more")]
    [InlineData("api/visibility")]
    [InlineData("api/visibility/allowed")]
    [InlineData("api/visibility/blocked")]
    [InlineData("api/visibility/nothing")]
    [InlineData("api/events")]
    [InlineData("api/events/more")]
    [InlineData("api/webhooks")]
    [InlineData("api/webhooks/w")]
    [InlineData("api/webhooks/w/secrets")]
    [InlineData("api/webhooks/w/nothing")]
    [InlineData("metrics")]
    public async Task WithoutTheKeyARouteOfTheBackendDoesNotTellItsMethods(string path)
    {
        Target.SkipWithoutKeys();
        var system = await Target.AnyAsync();

        foreach (var method in Methods)
        {
            var answer = await system.Nobody.SendAsync(new HttpMethod(method), path);
            Assert.Equal((method, HttpStatusCode.Unauthorized, false, ""), (method, answer.Status, answer.Headers.ContainsKey("Allow"), answer.Body));
        }
    }

    [Theory]
    [InlineData("health")]
    [InlineData("health/ready")]
    public async Task ARouteOfAnybodyTellsItsMethodsToAnybody(string path)
    {
        var system = await Target.AnyAsync();

        var options = await system.Nobody.SendAsync(HttpMethod.Options, path);

        Assert.Equal((HttpStatusCode.NoContent, "GET, HEAD, OPTIONS"), (options.Status, options.Headers["Allow"]));
    }

    [Theory]
    [InlineData("api/presence/me")]
    [InlineData("api/presence/me/privacy")]
    [InlineData("api/presence?userId=alice")]
    [InlineData("api/presence/me/forecast")]
    [InlineData("api/conversations")]
    public async Task HeadAnswersLikeGetWithoutABody(string path)
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");

        var get = (await alice.Caller.GetAsync(path)).MustBeOk();
        var head = await alice.Caller.SendAsync(HttpMethod.Head, path);

        Assert.Equal((HttpStatusCode.OK, ""), (head.Status, head.Body));
        Assert.Equal(get.Headers["Content-Type"], head.Headers["Content-Type"]);
        Assert.Equal(get.Headers["Content-Length"], head.Headers["Content-Length"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await system.Nobody.SendAsync(HttpMethod.Head, path)).Status);
    }

    [Theory, InlineData("api"), InlineData("api/nothing"), InlineData("api/presence/a/b/c"), InlineData("api/conversations/c"), InlineData("api/webhooks/w/nothing"), InlineData("maintenance/nothing"), InlineData("health/nothing")]
    public async Task AnUnknownPathIsNotFoundWhateverTheMethod(string path)
    {
        var system = await Target.AnyAsync();

        foreach (var method in new[] { HttpMethod.Options, HttpMethod.Post, HttpMethod.Put })
        {
            (await system.Backend.SendAsync(method, path)).MustBe(HttpStatusCode.NotFound, "not_found");
        }
    }

    [Theory, InlineData("api/activity"), InlineData("maintenance/stats")]
    public async Task APreflightIsNotAnOptionsRequest(string path)
    {
        Target.SkipElsewhere("asks as a page of this machine does");
        var system = await Target.AnyAsync();

        var preflight = await system.Nobody.SendAsync(
            HttpMethod.Options, path, null, ("Origin", "http://localhost:5173"), ("Access-Control-Request-Method", "GET"));

        Assert.Equal((HttpStatusCode.NoContent, false), (preflight.Status, preflight.Headers.ContainsKey("Allow")));
        Assert.Equal("http://localhost:5173", preflight.Headers["Access-Control-Allow-Origin"]);
    }

    private static string AllowedAt(string path) => string.Join(
        ", ",
        DeclaredFunctions.WithMethods.Where(f => f.Fits(path)).SelectMany(f => f.Methods).Distinct().Order(StringComparer.Ordinal).Append("OPTIONS"));
}
