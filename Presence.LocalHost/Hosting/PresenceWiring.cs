using OpenTelemetry;
using OpenTelemetry.Trace;
using Presence.Core;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Functions;
using Presence.Functions.Telemetry;
using Presence.LocalHost.Development;
using Presence.LocalHost.Invocation;
using Presence.LocalHost.Realtime;
using Presence.LocalHost.SignalR;

namespace Presence.LocalHost.Hosting;

/// <summary>What the local host puts around the functions of Presence.</summary>
internal static class PresenceWiring
{
    private const string SigningKey = $"{PresenceOptions.Section}:{nameof(PresenceOptions.Authentication)}:{nameof(AuthenticationOptions.SigningKey)}";
    private const string Authority = $"{PresenceOptions.Section}:{nameof(PresenceOptions.Authentication)}:{nameof(AuthenticationOptions.Authority)}";
    private const string Audience = $"{PresenceOptions.Section}:{nameof(PresenceOptions.Authentication)}:{nameof(AuthenticationOptions.Audience)}";
    private const string PrivateWebhooks = $"{PresenceOptions.Section}:{nameof(PresenceOptions.AllowPrivateWebhooks)}";

    /// <summary>The options with all of Presence in them.</summary>
    /// <exception cref="LocalHostStartException">The settings name pages in a way that cannot be meant.</exception>
    public static PresenceLocalHostOptions WithPresence(this PresenceLocalHostOptions options)
    {
        var pages = PageOrigins.Read(LocalHostConfiguration.Of(options.Settings));
        options.StartSignalREmulator ??= (logging, cancellationToken) => EmulatorStart.StartAsync(pages, logging, cancellationToken);
        options.ConfigureServices = (services, configuration) => ConfigureServices(services, configuration, pages);
        options.ConfigureApplication = (application, services) => ConfigureApplication(application, services, new(
            pages,
            isOpen: ForeignPages.IsOpen(options.Urls ?? ListenAddress.Default),
            asksForKey: !string.IsNullOrEmpty(application.Configuration[SettingNames.FunctionKey])));
        return options;
    }

    private static void ConfigureServices(IServiceCollection services, IConfiguration configuration, PageOrigins pages)
    {
        SetDefaults(configuration);
        services.AddPresence(configuration).AddPresenceFunctions();
        services.AddPresenceTelemetry(configuration, telemetry => telemetry.WithTracing(tracing => tracing.AddAspNetCoreInstrumentation()));
        services.AddHttpClient();
        services.AddCors(options => options.AddDefaultPolicy(pages.Apply));
        services.AddSingleton(provider => new SignalRServiceClient(
            SignalRConnectionString.Parse(configuration[SettingNames.SignalRConnectionString]!),
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IRealtimeService>(provider => new PresenceHub(
            provider.GetRequiredService<SignalRServiceClient>(), provider.GetRequiredService<PresenceMetrics>()));
        services.AddSingleton<ISignalROutput, RestSignalROutput>();
    }

    private static void ConfigureApplication(WebApplication application, LocalServices services, ForeignPages foreign)
    {
        application.Use(foreign.KeepOutAsync);
        application.UseCors();
        var development = DevelopmentRoutes.Map(application);
        DevelopmentCredentials.Map(development);
        Troubles.Map(development, services, application.Services.GetRequiredService<TimeProvider>());
        DevelopmentPage.Map(application, SignalROrigins(application.Configuration));
    }

    private static string[] SignalROrigins(IConfiguration configuration)
    {
        var endpoint = SignalRConnectionString.Parse(configuration[SettingNames.SignalRConnectionString]!).ClientEndpoint;
        return [Origin(endpoint.Scheme), Origin(endpoint.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs)];

        string Origin(string scheme) => $"{scheme}://{endpoint.Authority}";
    }

    /// <summary>What must be set in Azure has a value for development here: who signs tokens, and the schedules.</summary>
    private static void SetDefaults(IConfiguration configuration)
    {
        var defaults = new PresenceOptions();
        configuration[ScheduleSettings.Sweep] ??= defaults.SweepSchedule;
        configuration[ScheduleSettings.Cleanup] ??= defaults.CleanupSchedule;
        configuration[ScheduleSettings.Census] ??= defaults.CensusSchedule;
        configuration[ScheduleSettings.Truth] ??= defaults.TruthSchedule;
        configuration[ScheduleSettings.Webhook] ??= defaults.WebhookSchedule;

        // Receivers under development listen on this machine, too.
        configuration[PrivateWebhooks] ??= bool.TrueString;
        if (string.IsNullOrEmpty(configuration[Authority]))
        {
            configuration[SigningKey] ??= DevelopmentCredentials.SigningKey;
            configuration[Audience] ??= DevelopmentCredentials.Audience;
        }
    }
}
