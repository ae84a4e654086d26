using System.Net;
using Microsoft.AspNetCore.Http;
using Presence.Tests.Core.Callers;
using Presence.Tests.EndToEnd.Harness;
using Caller = Presence.Tests.EndToEnd.Harness.Caller;

namespace Presence.Tests.EndToEnd;

public class IdentityProviderTests
{
    [Fact]
    public async Task CallersAreNotBlamedForAnAuthorityThatFailsAndANewKeyCounts()
    {
        await using var authority = await Authority.StartAsync();
        await using var system = await Target.OwnAsync(
            parts: null, ("Authentication:Authority", authority.Url), ("Authentication:Audience", Core.Some.Audience));
        authority.Instead = _ => Task.FromResult<IResult?>(Results.StatusCode(500));

        var refused = (await CallerOf(system, authority.Token()).GetAsync("api/conversations"))
            .MustBe(HttpStatusCode.ServiceUnavailable, "identity_unavailable");
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        (await CallerOf(system, "x").GetAsync("api/conversations")).MustBe(HttpStatusCode.Unauthorized, "unauthenticated");

        authority.Instead = _ => Task.FromResult<IResult?>(null);
        await Eventually.BecomesTrueAsync(
            async () => (await CallerOf(system, authority.Token()).GetAsync("api/conversations")).Status == HttpStatusCode.OK, "the authority is back");
        (await CallerOf(system, authority.Forged()).GetAsync("api/conversations")).MustBe(HttpStatusCode.Unauthorized, "unauthenticated");

        authority.ReplaceKey();
        (await CallerOf(system, authority.Token()).GetAsync("api/conversations")).MustBeOk();
    }

    private static Caller CallerOf(PresenceSystem system, string token) => system.CallerWith("Authorization", $"Bearer {token}");
}
