using System.Net;
using System.Text.Json;
using Presence.Client;
using Presence.Client.Model;

namespace Presence.Tests.Client;

public class RequestTests
{
    private const string Nothing = "{}";

    [Fact]
    public async Task AnIdStandsInTheQueryPercentEncodedOnce()
    {
        var server = new Server().Answers(Nothing).Answers(Nothing).Answers(Nothing);
        var client = Some.Client(server);

        await client.GetPresenceAsync("acme/b%b ä&", Some.Alice);
        await client.AddMemberAsync("team:1", "..");
        await client.AllowAsync("a,b", "anon:c");

        Assert.Equal(
            [
                "GET /api/presence?userId=acme%2Fb%25b%20%C3%A4%26",
                "PUT /api/conversations/team%3A1/members?userId=..",
                "PUT /api/visibility/allowed?userId=a%2Cb&viewerId=anon%3Ac",
            ],
            server.Asked.Select(asked => $"{asked.Method} {asked.Path}"));
    }

    [Fact]
    public async Task DaysStandInTheQueryAsTheyAreWrittenEverywhere()
    {
        var server = new Server().Answers(Nothing).Answers(Nothing).Answers(Nothing).Answers(Nothing);
        var client = Some.Client(server);

        await client.GetHistoryAsync("anon:c", new(2026, 1, 2), new(2026, 3, 4));
        await client.GetOwnHistoryAsync(toDay: new(2026, 3, 4), caller: Some.Alice);
        await client.GetConversationHistoryAsync("team:1");
        await client.GetAnalyticsAsync(fromDay: new(2026, 1, 2), timeZone: "Europe/Berlin");

        Assert.Equal(
            [
                "/api/history?userId=anon%3Ac&from=2026-01-02&to=2026-03-04", "/api/presence/me/history?to=2026-03-04", "/api/conversations/team%3A1/history",
                "/maintenance/analytics?from=2026-01-02&timeZone=Europe%2FBerlin",
            ],
            server.Asked.Select(asked => asked.Path));
    }

    [Fact]
    public async Task AForecastIsAskedForByTheQueryAndOnesOwnByThePath()
    {
        var server = new Server()
            .Answers("""{"userId":"acme/bob","timeZone":"Europe/Berlin","none":null,"hours":[{"start":"2026-11-26T09:00:00+01:00","end":"2026-11-26T17:00:00+01:00"}]}""")
            .Answers("""{"userId":"alice","timeZone":"UTC","none":"too_little_history","hours":[]}""");
        var client = Some.Client(server);

        var told = await client.GetForecastAsync("acme/bob", "Europe/Berlin", Some.Alice);
        var own = await client.GetOwnForecastAsync(caller: Some.Alice);

        Assert.Equal(["/api/forecast?userId=acme%2Fbob&timeZone=Europe%2FBerlin", "/api/presence/me/forecast"], server.Asked.Select(asked => asked.Path));
        Assert.Null(told.None);
        Assert.Equal(new() { Start = new(2026, 11, 26, 9, 0, 0, TimeSpan.FromHours(1)), End = new(2026, 11, 26, 17, 0, 0, TimeSpan.FromHours(1)) }, Assert.Single(told.Hours));
        Assert.Equal((NoForecast.TooLittleHistory, 0), (own.None, own.Hours.Count));
    }

    [Theory, InlineData("a/b"), InlineData(".."), InlineData("a%2Fb"), InlineData("")]
    public async Task WhatCannotBeAConversationIsNotAskedFor(string conversation)
    {
        var server = new Server();

        await Assert.ThrowsAsync<ArgumentException>(() => Some.Client(server).RemoveMemberAsync(conversation, "alice"));

        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task ACallOfAUserBringsItsCredentialsAndNoKey()
    {
        var server = new Server().Answers(Nothing).Answers(Nothing);
        var client = Some.Client(server);

        await client.RecordActivityAsync(Some.Alice);
        await client.RecordActivityAsync(PresenceCredentials.Guest("session-of-a-guest"));

        Assert.Equal("Bearer token-of-alice", server.Asked[0].Headers["Authorization"]);
        Assert.Equal("session-of-a-guest", server.Asked[1].Headers["X-Session-Token"]);
        Assert.All(server.Asked, asked => Assert.False(asked.Headers.ContainsKey("x-functions-key")));
    }

    [Fact]
    public async Task ACallOfTheBackendBringsTheKeyAndNoCredentials()
    {
        var server = new Server().Answers(Nothing);

        await Some.Client(server, options => options.GetCredentials = _ => ValueTask.FromResult(Some.Alice)).GetStatsAsync();

        Assert.Equal(Some.Key, server.Only.Headers["x-functions-key"]);
        Assert.False(server.Only.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task ACallThatBringsNoCredentialsTakesThoseOfTheOptions()
    {
        var server = new Server().Answers(Nothing).Answers(Nothing);
        var client = Some.Client(server, options => options.GetCredentials = _ => ValueTask.FromResult(Some.Bob));

        await client.GetOwnPresenceAsync();
        await client.GetOwnPresenceAsync(new PresenceCaller { IsPassive = true });

        Assert.All(server.Asked, asked => Assert.Equal("Bearer token-of-bob", asked.Headers["Authorization"]));
    }

    [Fact]
    public async Task WithoutAnyCredentialsTheCallerIsToldWhatToSet()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => Some.Client(new Server()).GetOwnPresenceAsync());

        Assert.Contains("GetCredentials", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HeadersSayWhatTheCallIsOfItsUsersActivity()
    {
        var server = new Server().Answers(Nothing).Answers(Nothing);
        var client = Some.Client(server);
        string[] names = ["Presence-Activity", "Presence-Active-At", "Presence-Connected"];

        await client.RecordActivityAsync(Some.Alice);
        await client.RecordActivityAsync(new PresenceCaller
        {
            Credentials = Some.Alice, IsPassive = true, IsConnected = true, ActiveAt = new(2026, 11, 26, 12, 0, 0, TimeSpan.FromHours(2)),
        });

        Assert.All(names, name => Assert.False(server.Asked[0].Headers.ContainsKey(name)));
        Assert.Equal(["passive", "2026-11-26T10:00:00.0000000+00:00", "true"], names.Select(name => server.Asked[1].Headers[name]));
    }

    [Fact]
    public async Task WhatIsNullIsLeftOutOfABodyButTheStateThatTakesOneBack()
    {
        var server = new Server().Answers(Nothing).Answers(Nothing).Answers(Nothing);
        var client = Some.Client(server);

        await client.SetAvailabilityAsync(new() { Availability = Availability.Busy }, Some.Alice);
        await client.ShowStateAsync("team", JsonElement.Parse("null"), TimeSpan.FromSeconds(2.5), Some.Alice);
        await client.RecordActivityAsync([new() { UserId = "alice" }]);

        Assert.Equal(
            ["""{"availability":"busy"}""", """{"state":null,"ttl":"PT2.5S"}""", """[{"userId":"alice"}]"""],
            server.Asked.Select(asked => asked.Body));
    }

    [Fact]
    public async Task AManyLookUpSinceAVersionCanSayThatNothingHasChanged()
    {
        var server = new Server().Answers(HttpStatusCode.NotModified).Answers("""{"users":[],"version":"8","isComplete":false}""");
        var client = Some.Client(server);

        var unchanged = await client.GetPresenceAsync(["bob", "anon:c"], since: "7", Some.Alice);
        var ofAnId = await client.GetPresenceAsync(["a,b"], since: "7", Some.Alice);

        Assert.Equal(("7", false, 0), (unchanged.Version, unchanged.IsComplete, unchanged.Users.Count));
        Assert.Equal("8", ofAnId.Version);
        Assert.Equal(
            ["GET /api/presence?ids=bob%2Canon%3Ac&since=7 ", """POST /api/presence {"ids":["a,b"],"since":"7"}"""],
            server.Asked.Select(asked => $"{asked.Method} {asked.Path} {asked.Body}"));
    }

    [Fact]
    public void NothingThatHoldsASecretTellsIt()
    {
        Assert.DoesNotContain("token-of-alice", Some.Alice.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("token-of-alice", PresenceCaller.By(Some.Alice).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", new AnonymousSession { Token = "secret" }.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_x", new WebhookSecret { Secret = "whsec_x" }.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", new ConnectionGrant { AccessToken = "secret", Url = "https://x?access_token=secret" }.ToString(), StringComparison.Ordinal);
    }
}
