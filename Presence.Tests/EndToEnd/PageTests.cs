using System.Net;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class PageTests
{
    private const string App = "https://app.example.com";

    private const string Local = "http://localhost:5173";

    [Fact]
    public async Task PagesOfTheOriginsSetUseTheFunctionsWithCredentials()
    {
        await using var system = await OwnAsync();

        foreach (var (origin, allowed) in new[] { (App, App), (Local, Local), ("https://evil.example", "") })
        {
            var preflight = await system.Nobody.SendAsync(
                HttpMethod.Options, "api/activity", null, ("Origin", origin), ("Access-Control-Request-Method", "POST"),
                ("Access-Control-Request-Headers", "authorization,presence-activity"));
            var call = await system.Nobody.SendAsync(HttpMethod.Post, "api/activity", null, ("Origin", origin));
            Assert.Equal((allowed, allowed), (AllowedBy(preflight), AllowedBy(call)));
            Assert.Equal(allowed.Length > 0, preflight.Headers.ContainsKey("Access-Control-Allow-Credentials"));
            Assert.Equal("WWW-Authenticate, Date", call.Headers["Access-Control-Expose-Headers"]);
        }
    }

    [Fact]
    public async Task PagesOfOtherOriginsAreNotHandedCredentials()
    {
        await using var system = await OwnAsync();

        foreach (var (origin, allowed) in new[] { (App, ""), (Local, Local) })
        {
            Assert.Equal(allowed, AllowedBy(await system.Nobody.SendAsync(HttpMethod.Get, "dev/token?user=alice", null, ("Origin", origin))));
        }
    }

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("LOCALHOST:7071", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:80", HttpStatusCode.OK)]
    [InlineData("127.1.2.3", HttpStatusCode.OK)]
    [InlineData("[::1]:7071", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("10.0.0.7", HttpStatusCode.NotFound)]
    [InlineData("0.0.0.0", HttpStatusCode.NotFound)]
    public async Task CredentialsAreHandedOutUnderNamesOfThisMachineAlone(string host, HttpStatusCode status)
    {
        Target.SkipElsewhere("asks for credentials that only a local host hands out");
        var system = await Target.AnyAsync();

        foreach (var path in new[] { "dev/token?user=alice", "dev/session?name=guest" })
        {
            var answer = await system.Nobody.SendAsync(HttpMethod.Get, path, null, ("Host", host));
            Assert.Equal((path, status), (path, answer.Status));
        }
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("x-forwarded-host")]
    [InlineData("X-Forwarded-Proto")]
    [InlineData("X-Forwarded-Port")]
    [InlineData("Forwarded")]
    [InlineData("Via")]
    [InlineData("X-Original-Host")]
    public async Task CredentialsAreNotHandedOutThroughProxies(string header)
    {
        Target.SkipElsewhere("asks for credentials that only a local host hands out");
        var system = await Target.AnyAsync();

        foreach (var value in new[] { "127.0.0.1", "1.1 localhost" })
        {
            var answer = await system.Nobody.SendAsync(HttpMethod.Get, "dev/token?user=alice", null, (header, value));
            Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        }
    }

    private static Task<PresenceSystem> OwnAsync() =>
        Target.OwnAsync(new() { Settings = new Dictionary<string, string> { ["LocalHost__AllowedOrigins"] = App } });

    private static string AllowedBy(Answer answer) => answer.Headers.GetValueOrDefault("Access-Control-Allow-Origin", "");
}
