using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Presence.Core.Metrics;

namespace Presence.Functions.Telemetry;

/// <summary>
/// Exports metrics, traces and logs: to Azure Monitor where <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is set, by OTLP where
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is. With neither, nothing is collected. The further <c>OTEL_</c> settings are OpenTelemetry's own.
/// </summary>
public static class TelemetryServices
{
    /// <summary>Connection string of an Application Insights resource.</summary>
    public const string AzureMonitorSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary><c>Authorization=AAD;ClientId=…</c>: how to prove who we are to it, as for the Functions host.</summary>
    public const string AuthenticationSetting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <summary>Where an OTLP collector listens.</summary>
    public const string OtlpSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string ServiceNameSetting = "OTEL_SERVICE_NAME";

    /// <summary>Adds what is to be exported, if anything is.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="addOfHost">What only one of the hosts has.</param>
    public static IServiceCollection AddPresenceTelemetry(
        this IServiceCollection services, IConfiguration configuration, Action<IOpenTelemetryBuilder> addOfHost)
    {
        var toAzureMonitor = configuration[AzureMonitorSetting] is { Length: > 0 };
        var toCollector = configuration[OtlpSetting] is { Length: > 0 };
        if (!toAzureMonitor && !toCollector)
        {
            return services;
        }

        // Without it the Azure clients keep their spans to themselves.
        AppContext.SetSwitch("Azure.Experimental.EnableActivitySource", true);
        IOpenTelemetryBuilder telemetry = services.AddOpenTelemetry().WithLogging();

        // These write a line for every request, with its path, and the path may name a user.
        services.AddLogging(logging => logging
            .AddFilter<OpenTelemetryLoggerProvider>(null, LogLevel.Information)
            .AddFilter<OpenTelemetryLoggerProvider>("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter<OpenTelemetryLoggerProvider>("System.Net.Http.HttpClient", LogLevel.Warning));
        addOfHost(telemetry);
        telemetry
            .ConfigureResource(resource => resource.AddService(configuration[ServiceNameSetting] ?? "presence"))
            .WithMetrics(metrics => metrics.AddMeter(Tracing.SourceName))
            .WithTracing(tracing => tracing
                .AddSource(Tracing.SourceName, "Azure.Data.Tables.*", "System.Net.Http")
                .AddProcessor<SpanTrimming>());
        if (toCollector)
        {
            telemetry.UseOtlpExporter();
        }

        if (toAzureMonitor)
        {
            telemetry.UseAzureMonitorExporter(options => Authenticate(options, configuration));
        }

        return services;
    }

    private static void Authenticate(AzureMonitorExporterOptions options, IConfiguration configuration)
    {
        options.ConnectionString = configuration[AzureMonitorSetting];
        var parts = (configuration[AuthenticationSetting] ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
        if (parts.GetValueOrDefault("Authorization") == "AAD")
        {
            options.Credential = new DefaultAzureCredential(
                new DefaultAzureCredentialOptions { ManagedIdentityClientId = parts.GetValueOrDefault("ClientId") });
        }
    }
}
