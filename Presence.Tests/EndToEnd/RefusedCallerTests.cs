using System.Net;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class RefusedCallerTests
{
    public static TheoryData<string, string> CallerRoutes => new()
    {
        { "POST", "api/activity" },
        { "POST", "api/negotiate" },
        { "DELETE", "api/presence/me" },
        { "PUT", "api/presence/me" },
        { "DELETE", "api/presence/me/availability" },
        { "GET", "api/presence/me/connections" },
        { "GET", "api/presence/me/explain" },
        { "GET", "api/presence/me/history" },
        { "GET", "api/presence/me/privacy" },
        { "PUT", "api/presence/me/privacy" },
        { "PUT", "api/presence/me/connections/c" },
        { "DELETE", "api/presence/me/connections/c" },
        { "GET", "api/presence/alice" },
        { "GET", "api/presence?ids=alice" },
        { "GET", "api/presence?userId=alice" },
        { "POST", "api/presence" },
        { "GET", "api/presence/alice/forecast" },
        { "GET", "api/forecast?userId=alice" },
        { "GET", "api/watches?connectionId=c" },
        { "PUT", "api/watches" },
        { "PATCH", "api/watches" },
        { "DELETE", "api/watches?connectionId=c" },
        { "GET", "api/conversations" },
        { "GET", "api/conversations/lobby/presence" },
        { "PUT", "api/conversations/lobby/state" },
    };

    public static TheoryData<string, string> BackendRoutes => new()
    {
        { "POST", "api/activity/batch" },
        { "PUT", "api/conversations/c/members/alice" },
        { "DELETE", "api/conversations/c/members/alice" },
        { "PUT", "api/conversations/c/members?userId=alice" },
        { "DELETE", "api/conversations/c/members?userId=alice" },
        { "POST", "api/anonymous-sessions" },
        { "DELETE", "api/anonymous-sessions/guest" },
        { "DELETE", "api/anonymous-sessions?participantId=guest" },
        { "GET", "api/history/alice" },
        { "GET", "api/history?userId=alice" },
        { "GET", "api/conversations/c/history" },
        { "GET", "maintenance/analytics" },
        { "GET", "api/visibility?userId=alice" },
        { "PUT", "api/visibility/allowed?userId=alice&viewerId=bob" },
        { "DELETE", "api/visibility/allowed?userId=alice&viewerId=bob" },
        { "PUT", "api/visibility/blocked?userId=alice&otherId=bob" },
        { "DELETE", "api/visibility/blocked?userId=alice&otherId=bob" },
        { "GET", "api/events" },
        { "GET", "api/webhooks" },
        { "POST", "api/webhooks" },
        { "GET", "api/webhooks/w" },
        { "PATCH", "api/webhooks/w" },
        { "DELETE", "api/webhooks/w" },
        { "POST", "api/webhooks/w/secrets" },
        { "POST", "api/webhooks/w/replay" },
        { "POST", "api/webhooks/w/test" },
        { "GET", "metrics" },
        { "GET", "maintenance/stats" },
        { "GET", "maintenance/status-metrics" },
        { "POST", "maintenance/status-metrics/reset" },
        { "POST", "maintenance/user-status" },
        { "POST", "maintenance/cleanup" },
        { "DELETE", "maintenance/users/alice" },
        { "DELETE", "maintenance/users?userId=alice" },
        { "GET", "maintenance/users/alice/explain" },
        { "GET", "maintenance/users/explain?userId=alice" },
        { "PUT", "maintenance/availability/alice" },
        { "PUT", "maintenance/availability?userId=alice" },
        { "DELETE", "maintenance/availability/alice" },
        { "DELETE", "maintenance/availability?userId=alice" },
        { "PUT", "maintenance/bans/alice" },
        { "PUT", "maintenance/bans?userId=alice" },
        { "DELETE", "maintenance/bans/alice" },
        { "DELETE", "maintenance/bans?userId=alice" },
    };

    [Theory, MemberData(nameof(CallerRoutes))]
    public async Task WithoutCredentialsNoRouteOfUsersAnswers(string method, string path)
    {
        var system = await Target.AnyAsync();

        (await system.Nobody.SendAsync(new HttpMethod(method), path)).MustBe(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory, MemberData(nameof(BackendRoutes))]
    public async Task WithoutTheRightKeyNoRouteOfTheBackendAnswers(string method, string path)
    {
        Target.SkipWithoutKeys();
        var system = await Target.AnyAsync();
        var user = system.NewUser("alice");

        foreach (var caller in (Caller[])[system.Nobody, user.Caller, system.CallerWith("x-functions-key", "wrong")])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await caller.SendAsync(new HttpMethod(method), path)).Status);
        }
    }

    [Fact]
    public async Task AnExpiredTokenIsRefused() => await IsRefusedAsync(tokens => tokens.Expired("alice"));

    [Fact]
    public async Task ATokenForAnotherAudienceIsRefused() => await IsRefusedAsync(tokens => tokens.ForAnotherAudience("alice"));

    [Fact]
    public async Task ATamperedTokenIsRefused() => await IsRefusedAsync(tokens => tokens.Tampered("alice", "bob"));

    [Fact]
    public async Task AnUnsignedTokenIsRefused() => await IsRefusedAsync(tokens => tokens.Unsigned("alice"));

    [Fact]
    public async Task ATokenUnderAnotherKeyIsRefused() =>
        await IsRefusedAsync(_ => new Tokens("another-key-of-no-use-to-anybody-at-all", "presence").For("alice"));

    [Theory, InlineData("x"), InlineData("a.b.c"), InlineData("")]
    public async Task WhatIsNoTokenIsRefused(string token) => await IsRefusedAsync(_ => token);

    [Fact]
    public async Task ATokenOfNobodyIsRefused() => await IsRefusedAsync(tokens => tokens.For(""));

    [Fact]
    public async Task ATokenThatNamesAGuestIsRefused() => await IsRefusedAsync(tokens => tokens.For("anon:guest"));

    [Fact]
    public async Task ATokenOfTooLongAnIdIsRefused() => await IsRefusedAsync(tokens => tokens.For(new string('a', 129)));

    [Theory]
    [InlineData("18446744073709551616")]
    [InlineData("[\"alice\"]")]
    [InlineData("null")]
    public async Task ATokenWhoseSubjectIsNoTextIsRefusedByName(string subject)
    {
        foreach (var answer in await IsRefusedAsync(tokens => tokens.Signed($"\"sub\":{subject}")))
        {
            Assert.Contains("'sub'", answer.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ATokenThatNamesTwoUsersIsRefused() => await IsRefusedAsync(tokens => tokens.Signed("\"sub\":\"alice\",\"sub\":\"bob\""));

    [Fact]
    public async Task ATokenWithAnUnknownExtensionIsRefused() => await IsRefusedAsync(
        tokens => tokens.Signed("\"sub\":\"alice\"", """{"alg":"HS256","crit":["of-tomorrow"],"of-tomorrow":true}"""));

    [Fact]
    public async Task ATokenForNearlyTheRightAudienceIsRefused() =>
        await IsRefusedAsync(tokens => tokens.Signed("\"sub\":\"alice\"", audienceEnd: "/"));

    [Fact]
    public async Task ATokenIssuedAtNoMomentIsRefusedByName()
    {
        foreach (var answer in await IsRefusedAsync(tokens => tokens.Signed("\"sub\":\"alice\",\"iat\":\"yesterday\"")))
        {
            Assert.Contains("'iat'", answer.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AConversationUnknownToTheCallerIsForbidden()
    {
        var system = await Target.AnyAsync();
        var (alice, bob, conversation) = (system.NewUser("alice"), system.NewUser("bob"), Some.Conversation());
        await system.JoinAsync(conversation, alice);

        var existing = (await bob.Caller.GetAsync($"api/conversations/{conversation}/presence")).MustBe(HttpStatusCode.Forbidden, "forbidden");
        var missing = (await bob.Caller.GetAsync($"api/conversations/{Some.Conversation()}/presence")).MustBe(HttpStatusCode.Forbidden, "forbidden");

        Assert.Equal(missing.Body, existing.Body);
    }

    private static async Task<Answer[]> IsRefusedAsync(Func<Tokens, string> token)
    {
        var system = await Target.AnyAsync();
        var caller = system.CallerWith("Authorization", $"Bearer {token(system.Tokens)}");

        return
        [
            (await caller.GetAsync("api/conversations")).MustBe(HttpStatusCode.Unauthorized, "unauthenticated"),
            (await caller.PostAsync("api/negotiate")).MustBe(HttpStatusCode.Unauthorized, "unauthenticated"),
        ];
    }
}
