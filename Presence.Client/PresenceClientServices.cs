using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Presence.Client;
using Presence.Client.Http;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the client of Presence.</summary>
public static class PresenceClientServices
{
    /// <summary>
    /// Adds <see cref="IPresenceClient"/>, once for the application. What comes back builds its HTTP client: to put handlers around it, or another
    /// one under it.
    /// </summary>
    /// <param name="services">Where.</param>
    /// <param name="configure">Sets at least <see cref="PresenceClientOptions.BaseAddress"/>.</param>
    public static IHttpClientBuilder AddPresenceClient(this IServiceCollection services, Action<PresenceClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<PresenceClientOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PresenceClientOptions>, PresenceClientOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IPresenceClient, PresenceClient>();
        services.TryAddSingleton<IPresenceUserClient>(provider => provider.GetRequiredService<IPresenceClient>());
        services.TryAddSingleton<IPresenceBackendClient>(provider => provider.GetRequiredService<IPresenceClient>());
        var builder = services.AddHttpClient(PresenceClient.HttpClientName);

        // Said twice it is still one: two would try again each of the other's attempts.
        if (!services.Any(service => service.ServiceType == typeof(HttpClientIsSetUp)))
        {
            services.AddSingleton<HttpClientIsSetUp>();

            // Only the resilience handler counts time. Redirects are not followed: the key would be shown to wherever they lead.
            builder.ConfigureHttpClient(http => http.Timeout = Timeout.InfiniteTimeSpan);
            builder.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            });
            builder.SetHandlerLifetime(Timeout.InfiniteTimeSpan);
            builder.AddPresenceResilience();
            builder.AddHttpMessageHandler(() => new WholeAnswers());
        }

        return builder;
    }

    private sealed class HttpClientIsSetUp;
}
