using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Presence.AspNetCore;

namespace Presence.Tests.AspNetCore;

public class RequestUserTests
{
    [Fact]
    public void TheSubjectIsTheUserOrElseTheNameIdentifier()
    {
        var user = new RequestUser(new());

        Assert.Equal("alice", user.Of(Some.Request((ClaimTypes.NameIdentifier, "other"), ("sub", "alice"))));
        Assert.Equal("other", user.Of(Some.Request((ClaimTypes.NameIdentifier, "other"))));
        Assert.Null(user.Of(Some.Request(("name", "Alice"))));
    }

    [Fact]
    public void AClaimThatIsNamedIsTheOnlyOneThatCounts()
    {
        var user = new RequestUser(new() { UserIdClaim = "uid" });

        Assert.Equal("7", user.Of(Some.Request(("sub", "alice"), ("uid", "7"))));
        Assert.Null(user.Of(Some.Request(("sub", "alice"))));
    }

    [Fact]
    public void WhoIsNotAuthenticatedIsNobody()
    {
        var user = new RequestUser(new() { GetUserId = _ => "alice" });
        var unauthenticated = new DefaultHttpContext { User = new(new ClaimsIdentity([new("sub", "alice")])) };

        Assert.Null(user.Of(unauthenticated));
        Assert.Null(user.Of(new DefaultHttpContext()));
        Assert.Equal("alice", user.Of(Some.Request()));
    }

    [Fact]
    public void OnlyTheApplicationsOwnWordMakesAGuest()
    {
        Assert.Null(new RequestUser(new()).Of(Some.RequestOf("anon:guest")));
        Assert.Equal("anon:guest", new RequestUser(new() { GetUserId = _ => "anon:guest" }).Of(Some.Request()));
    }

    [Fact]
    public void APassiveRequestIsNoActivity()
    {
        var request = Some.RequestOf("alice");
        request.Request.Headers["Presence-Activity"] = "Passive";

        Assert.Null(new RequestUser(new()).Of(request));
    }
}
