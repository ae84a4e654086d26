using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Presence.Core.Callers;
using Presence.Core.Engine;
using Presence.Core.Maintenance;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rosters;
using Presence.Core.Sessions;
using Presence.Core.Sweep;
using Presence.Core.TableStorage;
using Presence.Core.Throttle;

namespace Presence.Core;

/// <summary>Wires Core. A host adds its <see cref="IRealtimeService"/>, and <c>IMeterFactory</c> as host builders do.</summary>
public static class PresenceServices
{
    /// <summary>Adds all of Core with the settings of the section <c>Presence</c>, validated on start.</summary>
    public static IServiceCollection AddPresence(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(PresenceOptions.Section);
        services.AddOptions<PresenceOptions>()
            .Bind(section)
            .Configure(options => ScheduleSettings.Apply(options, configuration))
            .Validate(_ => !ScheduleSettings.AreMisplaced(section), ScheduleSettings.Misplaced)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<PresenceOptions>, PresenceOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);

        services.AddSingleton<PresenceMetrics>();
        services.AddSingleton(_ => new StorageConnection(configuration));
        services.AddSingleton<PresenceTable>();
        services.AddSingleton<TablePresenceStore>();
        services.AddSingleton<IPresenceStore>(provider => provider.GetRequiredService<TablePresenceStore>());
        services.AddSingleton<IDueStore>(provider => provider.GetRequiredService<TablePresenceStore>());
        services.AddSingleton<ISessionStore, TableSessionStore>();
        services.AddSingleton<IMaintenanceStore, TableMaintenanceStore>();
        services.AddSingleton<IErasureStore, TableErasureStore>();
        services.AddHostedService<StorageCheck>();

        services.AddSingleton<PresenceEngine>();
        services.AddSingleton<ActivityRecorder>();
        services.AddSingleton<ConnectionCheck>();
        services.AddSingleton<PresenceSweep>();
        services.AddSingleton<PresenceReader>();
        services.AddSingleton<RosterReader>();
        services.AddSingleton<ConversationDirectory>();
        services.AddSingleton<Snapshots>();

        services.AddSingleton<AnonymousSessions>();
        services.AddSingleton<BearerTokenValidator>();
        services.AddSingleton<CallerAuthenticator>();

        services.AddSingleton<InstanceReporter>();
        services.AddHostedService(provider => provider.GetRequiredService<InstanceReporter>());
        services.AddSingleton<SharedMetrics>();
        services.AddSingleton<CensusTaker>();
        services.AddSingleton<MetricsReader>();
        services.AddSingleton<StatsReader>();
        services.AddSingleton<Cleanup>();
        services.AddSingleton<Erasure>();
        return services;
    }
}
