using System.Net;
using Presence.LocalHost.Hosting;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>What pages that are open in a browser of a developer's machine can do to a local host that asks for no key.</summary>
public class ForeignPagesTests
{
    private const string App = "https://app.example.com";

    private const string Evil = "https://evil.example";

    private const string Local = "http://localhost:5173";

    public static TheoryData<string, string> WithoutKey => new()
    {
        { "POST", "maintenance/cleanup" },
        { "POST", "maintenance/user-status" },
        { "GET", "maintenance/stats" },
        { "GET", "api/events" },
        { "GET", "api/webhooks" },
        { "POST", "api/webhooks" },
        { "POST", "api/anonymous-sessions" },
        { "POST", "api/activity/batch" },
        { "PUT", "api/conversations/team-1/members/alice" },
    };

    [Theory, MemberData(nameof(WithoutKey))]
    public async Task WhatAsksForNoKeyRefusesForeignPagesAndNobodyElse(string method, string path)
    {
        await using var system = await OwnAsync();

        foreach (var origin in new[] { Evil, "null", "https://localhost.evil.example" })
        {
            var refused = await CallAsync(system, method, path, ("Origin", origin));
            refused.MustBe(HttpStatusCode.Forbidden, "forbidden");
            Assert.False(refused.Headers.ContainsKey("Access-Control-Allow-Origin"));
        }

        foreach (var origin in new[] { App, Local, system.Nobody.BaseAddress.GetLeftPart(UriPartial.Authority) })
        {
            Assert.NotEqual(HttpStatusCode.Forbidden, (await CallAsync(system, method, path, ("Origin", origin), ("Sec-Fetch-Site", "cross-site"))).Status);
        }

        Assert.NotEqual(HttpStatusCode.Forbidden, (await CallAsync(system, method, path)).Status);
    }

    [Fact]
    public async Task WhereAKeyIsAskedForItDecidesAlone()
    {
        Target.SkipElsewhere("starts a local host");
        await using var system = await Target.OwnAsync(new());

        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(system, "GET", "maintenance/stats", ("Origin", Evil))).Status);
        Assert.Equal(HttpStatusCode.OK, (await system.Backend.SendAsync(HttpMethod.Get, "maintenance/stats", null, ("Origin", Evil))).Status);
    }

    [Fact]
    public async Task PagesOfLocalOriginsCallWithATokenNegotiateAndAreHandedCredentials()
    {
        await using var system = await OwnAsync();
        var alice = system.NewUser("alice");
        (string, string)[] page = [("Origin", Local), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "cors")];

        (await alice.Caller.SendAsync(HttpMethod.Post, "api/activity", null, page)).MustBeOk();
        var negotiated = await alice.Caller.SendAsync(HttpMethod.Post, "api/negotiate", null, page);
        var token = await system.Nobody.SendAsync(HttpMethod.Get, "dev/token?user=alice", null, page);

        Assert.All([negotiated, token], answer => Assert.Equal((HttpStatusCode.OK, Local), (answer.Status, answer.Headers["Access-Control-Allow-Origin"])));
    }

    [Fact]
    public async Task PagesOfOtherOriginsWithATokenOfTheirOwnAreLeftToTheRulesOfBrowsers()
    {
        await using var system = await OwnAsync();

        var answer = await system.NewUser("alice").Caller.SendAsync(HttpMethod.Post, "api/activity", null, ("Origin", Evil));

        Assert.Equal((HttpStatusCode.OK, false), (answer.Status, answer.Headers.ContainsKey("Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("cross-site", null, HttpStatusCode.Forbidden)]
    [InlineData("cross-site", Evil, HttpStatusCode.Forbidden)]
    [InlineData("cross-site", App, HttpStatusCode.Forbidden)]
    [InlineData(null, Evil, HttpStatusCode.Forbidden)]
    [InlineData("cross-site", Local, HttpStatusCode.OK)]
    [InlineData("same-site", Local, HttpStatusCode.OK)]
    [InlineData("same-origin", null, HttpStatusCode.OK)]
    [InlineData("none", null, HttpStatusCode.OK)]
    [InlineData(null, null, HttpStatusCode.OK)]
    public async Task CredentialsAreMadeForNoPageFromElsewhere(string? site, string? origin, HttpStatusCode status)
    {
        await using var system = await OwnAsync();
        (string, string)[] headers = [.. site is null ? Array.Empty<(string, string)>() : [("Sec-Fetch-Site", site)], .. origin is null ? Array.Empty<(string, string)>() : [("Origin", origin)]];

        foreach (var path in new[] { "dev/token?user=alice", "dev/session?name=guest" })
        {
            Assert.Equal((path, status), (path, (await system.Nobody.SendAsync(HttpMethod.Get, path, null, headers)).Status));
        }
    }

    [Theory]
    [InlineData("localhost:7071", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("app.localhost:7071", true)]
    [InlineData("127.0.0.1:7071", true)]
    [InlineData("[::1]:7071", true)]
    [InlineData("10.0.2.2:7071", true)]
    [InlineData("app.example.com", true)]
    [InlineData("evil.example:7071", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("localhost.", false)]
    public async Task UnderANameThatLeadsHereByAccidentNothingIsServed(string host, bool served)
    {
        await using var system = await OwnAsync();

        foreach (var (method, path) in new[] { ("GET", "health"), ("POST", "api/activity"), ("POST", "maintenance/cleanup") })
        {
            // A page that gave its own name this machine's address is of the same origin.
            var answer = await CallAsync(system, method, path, ("Host", host), ("Sec-Fetch-Site", "same-origin"));
            Assert.Equal((path, served), (path, answer.Status != HttpStatusCode.Forbidden));
        }
    }

    /// <summary>What a local host refuses stands in no contract of the functions.</summary>
    private static async Task<Answer> CallAsync(PresenceSystem system, string method, string path, params (string, string)[] headers)
    {
        using var http = new HttpClient { BaseAddress = system.Nobody.BaseAddress };
        return await new Caller(http).SendAsync(new HttpMethod(method), path, null, headers);
    }

    private static async Task<PresenceSystem> OwnAsync()
    {
        Target.SkipElsewhere("starts a local host");
        return await Target.OwnAsync(new() { Settings = new Dictionary<string, string> { [SettingNames.FunctionKey] = "", ["LocalHost__AllowedOrigins"] = App } });
    }
}
