using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Presence.AspNetCore;
using Presence.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what tells Presence of an application's users.</summary>
public static class PresenceActivityServices
{
    /// <summary>
    /// Adds it, and <see cref="IPresenceClient"/>. <c>app.UsePresence()</c> then records each authenticated request;
    /// <see cref="PresenceActivity"/> whatever else is activity. Adds a health check <c>presence</c>, which is degraded at worst.
    /// </summary>
    public static IServiceCollection AddPresence(this IServiceCollection services, Action<PresenceActivityOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<PresenceActivityOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.AddPresenceClient(_ => { });
        if (services.Any(service => service.ServiceType == typeof(PresenceActivity)))
        {
            return services;
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PresenceActivityOptions>, PresenceActivityOptionsValidator>());
        services.AddOptions<PresenceClientOptions>().PostConfigure<IServiceProvider>(TakeOver);
        services.AddMetrics();
        services.AddSingleton<ActivityMetrics>();
        services.AddSingleton<ActivityQueue>();
        services.AddSingleton(provider => new PresenceActivity(
            provider.GetRequiredService<ActivityQueue>(),
            provider.GetRequiredService<ActivityMetrics>(),
            provider.GetRequiredService<IOptions<PresenceActivityOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ActivitySender>();
        services.AddHostedService(provider => provider.GetRequiredService<ActivitySender>());
        services.AddHealthChecks().AddCheck<PresenceHealthCheck>("presence", HealthStatus.Degraded, ["presence"]);
        return services;
    }

    /// <summary>What the application said here counts more than what it said of the client.</summary>
    private static void TakeOver(PresenceClientOptions client, IServiceProvider provider)
    {
        // Without validation: what is wrong with these options is said once, and not again of the client's.
        var options = new OptionsFactory<PresenceActivityOptions>(
            provider.GetServices<IConfigureOptions<PresenceActivityOptions>>(), provider.GetServices<IPostConfigureOptions<PresenceActivityOptions>>())
            .Create(Options.Options.DefaultName);
        client.FunctionKey = options.FunctionKey ?? client.FunctionKey;
        client.BaseAddress = options.BaseAddress ?? client.BaseAddress
            ?? (Uri.TryCreate(provider.GetService<IConfiguration>()?.GetConnectionString("presence"), UriKind.Absolute, out var address) ? address : null);
    }
}
