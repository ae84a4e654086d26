using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Presence.AspNetCore;
using Presence.Tests.Client;

namespace Presence.Tests.AspNetCore;

/// <summary>What the tests of the middleware are made of.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Start = new(2026, 11, 26, 10, 0, 0, TimeSpan.Zero);

    public static FakeTimeProvider Clock() => new(Start);

    public static ServiceProvider Services(Server server, TimeProvider time, Action<PresenceActivityOptions>? configure = null)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(time);
        services.AddPresence(options =>
        {
            options.BaseAddress = Client.Some.Address;
            configure?.Invoke(options);
        });
        services.AddPresenceClient(options => options.MaxRetries = 0).ConfigurePrimaryHttpMessageHandler(() => server);
        return services.BuildServiceProvider();
    }

    public static HttpContext Request(params (string Type, string Value)[] claims) => new DefaultHttpContext { User = Principal(claims) };

    public static HttpContext RequestOf(string userId) => Request(("sub", userId));

    public static ClaimsPrincipal Principal(params (string Type, string Value)[] claims) =>
        new(new ClaimsIdentity(claims.Select(claim => new Claim(claim.Type, claim.Value)), "test"));
}
