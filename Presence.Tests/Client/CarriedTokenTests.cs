using System.Net;
using Presence.Client;
using Presence.Client.Http;

namespace Presence.Tests.Client;

public class CarriedTokenTests
{
    private const string Header = "Presence-Token";

    [Fact]
    public async Task WhatTheServerGaveAUserIsBroughtByItsNextCallAndByNobodyElses()
    {
        var server = new Server().Answers("{}", (Header, "first")).Answers("{}").Answers("{}");
        var client = Some.Client(server);

        await client.RecordActivityAsync(Some.Alice);
        await client.GetConversationsAsync(Some.Bob);
        await client.GetConversationsAsync(Some.Alice);

        Assert.Equal([null, null, "first"], server.Asked.Select(asked => asked.Headers.GetValueOrDefault(Header)));
    }

    [Fact]
    public async Task AnAnswerWithoutOneLeavesTheOldOneAndOneOfAFailureCounts()
    {
        var server = new Server().Answers("{}", (Header, "first")).Answers("{}")
            .Answers(HttpStatusCode.Forbidden, "", (Header, "second")).Answers("{}");
        var client = Some.Client(server);

        await client.RecordActivityAsync(Some.Alice);
        await client.RecordActivityAsync(Some.Alice);
        await Assert.ThrowsAsync<PresenceException>(() => client.GetConversationsAsync(Some.Alice));
        await client.RecordActivityAsync(Some.Alice);

        Assert.Equal([null, "first", "first", "second"], server.Asked.Select(asked => asked.Headers.GetValueOrDefault(Header)));
    }

    [Fact]
    public async Task AFreshTokenOfTheSameUserTakesItOver()
    {
        var server = new Server().Answers("{}", (Header, "first")).Answers("{}").Answers("{}");
        var client = Some.Client(server);

        await client.RecordActivityAsync(PresenceCredentials.Bearer("one", "alice"));
        await client.RecordActivityAsync(PresenceCredentials.Bearer("two", "alice"));
        await client.RecordActivityAsync(PresenceCredentials.Bearer("two"));

        Assert.Equal([null, "first", null], server.Asked.Select(asked => asked.Headers.GetValueOrDefault(Header)));
    }

    [Fact]
    public async Task AfterSigningOutTheNextCallBringsNone()
    {
        var server = new Server().Answers("{}", (Header, "first")).Answers("{}", (Header, "late")).Answers("{}");
        var client = Some.Client(server);

        await client.RecordActivityAsync(Some.Alice);
        await client.SignOutAsync(Some.Alice);
        await client.RecordActivityAsync(Some.Alice);

        Assert.Null(server.Asked[^1].Headers.GetValueOrDefault(Header));
    }

    [Fact]
    public async Task SigningOutAsksForCredentialsOnce()
    {
        var asked = 0;
        var client = Some.Client(new Server().Answers("{}"), options => options.GetCredentials = _ =>
            asked++ == 0 ? ValueTask.FromResult(Some.Alice) : throw new InvalidOperationException("There are none any more."));

        await client.SignOutAsync();

        Assert.Equal(1, asked);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(10), InlineData(1_000)]
    public void NoMoreUsersAreRememberedThanMayBe(int most)
    {
        var tokens = new ThrottleTokens(most);

        for (var i = 0; i < 3_000; i++)
        {
            tokens.Keep($"user-{i}", "token");
            Assert.InRange(tokens.Count, 0, Math.Max(most, most == 0 ? 0 : 2));
        }
    }

    [Fact]
    public void WhoeverWasHeardOfLatelyIsRemembered()
    {
        var tokens = new ThrottleTokens(1_000);
        for (var i = 0; i < 3_000; i++)
        {
            tokens.Keep($"user-{i}", $"token-{i}");
        }

        Assert.All(Enumerable.Range(2_500, 500), i => Assert.Equal($"token-{i}", tokens.Find($"user-{i}")));
    }
}
