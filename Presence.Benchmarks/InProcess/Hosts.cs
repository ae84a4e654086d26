using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Presence.Core;
using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Benchmarks.InProcess;

/// <summary>One instance's Core, wired as a host wires it, and users. No storage is asked.</summary>
internal static class Hosts
{
    /// <summary>The services of Core.</summary>
    public static ServiceProvider Create() => new ServiceCollection()
        .AddSingleton(TimeProvider.System)
        .AddMetrics()
        .AddLogging()
        .AddPresence(new ConfigurationBuilder().AddInMemoryCollection([new("AzureWebJobsStorage", "UseDevelopmentStorage=true")]).Build())
        .Configure<PresenceOptions>(options =>
        {
            options.Authentication.SigningKey = new string('k', 32);
            options.Authentication.Audience = "benchmark";
            options.ThrottleWindow = TimeSpan.FromHours(1);
            options.OfflineAfter = options.AwayAfter = TimeSpan.FromHours(4);
            options.MaxThrottleEntries = 10_000_000;
        })
        .BuildServiceProvider();

    /// <summary>So many users with ids as identity providers make them, each in memory of its own; every time the same ids.</summary>
    public static PresenceKey[] Keys(int users)
    {
        var random = new Random(1);
        var bytes = new byte[16];
        var keys = new PresenceKey[users];
        for (var i = 0; i < users; i++)
        {
            random.NextBytes(bytes);
            keys[i] = PresenceKey.Registered(new Guid(bytes).ToString());
        }

        return keys;
    }
}
