using Microsoft.AspNetCore.Cors.Infrastructure;
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

    /// <summary>The options with all of Presence in them.</summary>
    public static PresenceLocalHostOptions WithPresence(this PresenceLocalHostOptions options)
    {
        options.StartSignalREmulator ??= EmulatorStart.StartAsync;
        options.ConfigureServices = ConfigureServices;
        options.ConfigureApplication = ConfigureApplication;
        return options;
    }

    private static void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
        SetDefaults(configuration);
        services.AddPresence(configuration).AddPresenceFunctions();
        services.AddPresenceTelemetry(configuration, telemetry => telemetry.WithTracing(tracing => tracing.AddAspNetCoreInstrumentation()));
        services.AddHttpClient();
        services.AddCors(options => options.AddDefaultPolicy(AllowLocalPages));
        services.AddSingleton(provider => new SignalRServiceClient(
            SignalRConnectionString.Parse(configuration[SettingNames.SignalRConnectionString]!),
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IRealtimeService>(provider => new PresenceHub(
            provider.GetRequiredService<SignalRServiceClient>(), provider.GetRequiredService<PresenceMetrics>()));
        services.AddSingleton<ISignalROutput, RestSignalROutput>();
    }

    private static void ConfigureApplication(WebApplication application)
    {
        application.UseCors();
        DevelopmentCredentials.Map(application);
    }

    /// <summary>Pages served from this machine may call; in Azure the function app's own settings say who may.</summary>
    private static void AllowLocalPages(CorsPolicyBuilder policy) => policy
        .SetIsOriginAllowed(origin => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.IsLoopback)
        .AllowAnyHeader()
        .AllowAnyMethod()
        .AllowCredentials();

    /// <summary>What must be set in Azure has a value for development here: who signs tokens, and the schedules.</summary>
    private static void SetDefaults(IConfiguration configuration)
    {
        var defaults = new PresenceOptions();
        configuration[ScheduleSettings.Sweep] ??= defaults.SweepSchedule;
        configuration[ScheduleSettings.Cleanup] ??= defaults.CleanupSchedule;
        configuration[ScheduleSettings.Census] ??= defaults.CensusSchedule;
        if (string.IsNullOrEmpty(configuration[Authority]))
        {
            configuration[SigningKey] ??= DevelopmentCredentials.SigningKey;
            configuration[Audience] ??= DevelopmentCredentials.Audience;
        }
    }
}
