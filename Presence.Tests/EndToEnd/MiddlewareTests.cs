using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class MiddlewareTests
{
    [Fact]
    public async Task WhoCallsAnApplicationIsOnlineByThatAlone()
    {
        var system = await Target.AnyAsync();
        var (alice, bob, nobody) = (system.NewUser("alice"), system.NewUser("bob"), system.NewUser("nobody"));
        await system.JoinAsync(Some.Conversation(), alice, bob, nobody);
        await using var application = await StartAsync(system);
        using var http = new HttpClient { BaseAddress = new(application.Urls.Single()) };

        await CallAsync(http, alice.Id);
        await CallAsync(http, null);

        await Eventually.BecomesTrueAsync(async () => await alice.StatusSeenByAsync(bob) == "online", "alice is online");
        Assert.Equal("offline", await nobody.StatusSeenByAsync(bob));
    }

    [Fact]
    public async Task WhatIsLeftWhenTheApplicationStopsIsTold()
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));
        await system.JoinAsync(Some.Conversation(), alice, bob);
        await using var application = await StartAsync(system, TimeSpan.FromMinutes(1));
        using var http = new HttpClient { BaseAddress = new(application.Urls.Single()) };

        await CallAsync(http, alice.Id);
        Assert.Equal("offline", await alice.StatusSeenByAsync(bob));
        await application.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal("online", await alice.StatusSeenByAsync(bob));
    }

    private static async Task CallAsync(HttpClient http, string? user)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("User", user);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("served", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<WebApplication> StartAsync(PresenceSystem system, TimeSpan? flushInterval = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddAuthentication(UserHeader.Name).AddScheme<AuthenticationSchemeOptions, UserHeader>(UserHeader.Name, null);
        builder.Services.AddPresence(options =>
        {
            options.BaseAddress = system.Nobody.BaseAddress;
            options.FunctionKey = system.Backend.Credentials.Value;
            options.FlushInterval = flushInterval ?? TimeSpan.FromMilliseconds(50);
        });
        var application = builder.Build();
        application.UseAuthentication();
        application.UsePresence();
        application.MapGet("/", () => "served");
        await application.StartAsync(TestContext.Current.CancellationToken);
        return application;
    }

    /// <summary>Believes whatever a header says.</summary>
    private sealed class UserHeader(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public const string Name = "header";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers["User"] is [{ Length: > 0 } user]
                ? AuthenticateResult.Success(new(new(new ClaimsIdentity([new Claim("sub", user)], Name)), Name))
                : AuthenticateResult.NoResult());
    }
}
