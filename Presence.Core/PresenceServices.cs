using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Presence.Core.Analytics;
using Presence.Core.Budgets;
using Presence.Core.Callers;
using Presence.Core.Delivery;
using Presence.Core.Engine;
using Presence.Core.Erasing;
using Presence.Core.Forecasting;
using Presence.Core.Health;
using Presence.Core.History;
using Presence.Core.Ledger;
using Presence.Core.Live;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Population;
using Presence.Core.Ports;
using Presence.Core.Reports;
using Presence.Core.Retention;
using Presence.Core.Rosters;
using Presence.Core.Sessions;
using Presence.Core.Stats;
using Presence.Core.Sweep;
using Presence.Core.TableStorage;
using Presence.Core.Throttle;
using Presence.Core.Truth;
using Presence.Core.Watching;
using Presence.Core.Webhooks;

namespace Presence.Core;

/// <summary>Wires Core. A host adds its <see cref="IRealtimeService"/>, and <c>IMeterFactory</c> as host builders do.</summary>
public static class PresenceServices
{
    /// <summary>Adds all of Core, room by room, with the settings of the section <c>Presence</c>, validated on start.</summary>
    public static IServiceCollection AddPresence(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<PresenceMetrics>();
        services.AddTableStorage(configuration);
        services.AddEngine();
        services.AddRosters();
        services.AddDelivery();
        services.AddWatching();
        services.AddLive();
        services.AddThrottle();
        services.AddSweep();
        services.AddSingleton<AnonymousSessions>();
        services.AddCallers();
        services.AddHealth();
        services.AddReports();
        services.AddSingleton<CensusTaker>();
        services.AddSingleton<HistoryReader>();
        services.AddAnalytics();
        services.AddTruth();
        services.AddBudgets();
        services.AddStats();
        services.AddForecasting();
        services.AddSingleton<EventFeed>();
        services.AddWebhooks();
        services.AddSingleton<EventExpiry>();
        services.AddSingleton<Cleanup>();
        services.AddSingleton<Erasure>();
        return services;
    }

    private static void AddOptions(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(PresenceOptions.Section);
        services.AddOptions<PresenceOptions>()
            .Bind(section)
            .Configure(options => ScheduleSettings.Apply(options, configuration))
            .Validate(_ => !ScheduleSettings.AreMisplaced(section), ScheduleSettings.Misplaced)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<PresenceOptions>, PresenceOptionsValidator>();
        services.AddSingleton(provider => new SettingsInForce(provider.GetRequiredService<IOptionsMonitor<PresenceOptions>>().CurrentValue));
        services.AddSingleton<IOptions<PresenceOptions>>(provider => provider.GetRequiredService<SettingsInForce>());
    }

    private static void AddTableStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(_ => new StorageConnection(configuration));
        services.AddSingleton<PresenceTable>();
        services.AddSingleton<RowReader>();
        services.AddSingleton<ManyUsers>();
        services.AddSingleton<TableRosters>();
        services.AddSingleton<TablePresenceStore>();
        services.AddSingleton<IPresenceStore>(provider => provider.GetRequiredService<TablePresenceStore>());
        services.AddSingleton<IDueStore>(provider => provider.GetRequiredService<TablePresenceStore>());
        services.AddSingleton<ISessionStore, TableSessionStore>();
        services.AddSingleton<IThrottleKeyStore, TableThrottleKeyStore>();
        services.AddSingleton<IMaintenanceStore, TableMaintenanceStore>();
        services.AddSingleton<IErasureStore, TableErasureStore>();
        services.AddSingleton<IWatchStore, TableWatchStore>();
        services.AddSingleton<IEventStore, TableEventStore>();
        services.AddSingleton<IWebhookStore, TableWebhookStore>();
        services.AddSingleton<IHistoryStore, TableHistoryStore>();
        services.AddSingleton<IConversationHistoryStore, TableConversationHistoryStore>();
        services.AddSingleton<IDaySummaryStore, TableDaySummaryStore>();
        services.AddSingleton<SharedRow>();
        services.AddSingleton<ITruthStore, TableTruthStore>();
        services.AddSingleton<IBudgetStore, TableBudgetStore>();
        services.AddHostedService<StorageCheck>();
        services.AddSingleton<RosterMove>();
        services.AddHostedService(provider => provider.GetRequiredService<RosterMove>());
    }

    private static void AddEngine(this IServiceCollection services)
    {
        services.AddSingleton<PresenceEngine>();
        services.AddSingleton<PresenceReader>();
        services.AddSingleton<PresenceExplainer>();
        services.AddSingleton<NegotiatedUsers>();
        services.AddSingleton<Relationships>();
    }

    private static void AddRosters(this IServiceCollection services)
    {
        services.AddSingleton(provider => new RosterReader(
            provider.GetRequiredService<IPresenceStore>(),
            provider.GetRequiredService<IOptions<PresenceOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            RosterReader.Pace));
        services.AddSingleton(provider => new RosterWriter(
            provider.GetRequiredService<IPresenceStore>(),
            provider.GetRequiredService<RosterReader>(),
            provider.GetRequiredService<TimeProvider>(),
            RosterWriter.Pace));
        services.AddSingleton<ConversationDirectory>();
        services.AddSingleton<RosterSight>();
        services.AddSingleton<Snapshots>();
    }

    private static void AddWatching(this IServiceCollection services) => services.AddSingleton(provider => new WatchLists(
        provider.GetRequiredService<IPresenceStore>(),
        provider.GetRequiredService<IWatchStore>(),
        provider.GetRequiredService<PresenceEngine>(),
        provider.GetRequiredService<PresenceReader>(),
        provider.GetRequiredService<WatchedGroups>(),
        provider.GetRequiredService<ServiceGate>(),
        provider.GetRequiredService<IOptions<PresenceOptions>>(),
        provider.GetRequiredService<TimeProvider>()));

    private static void AddCallers(this IServiceCollection services)
    {
        services.AddSingleton<BearerTokenValidator>();
        services.AddSingleton<CallerAuthenticator>();
    }

    private static void AddReports(this IServiceCollection services)
    {
        services.AddSingleton<InstanceReporter>();
        services.AddHostedService(provider => provider.GetRequiredService<InstanceReporter>());
        services.AddSingleton<SharedMetrics>();
    }

    private static void AddAnalytics(this IServiceCollection services)
    {
        services.AddSingleton<DayFolder>();
        services.AddSingleton<AnalyticsReader>();
    }

    private static void AddTruth(this IServiceCollection services) => services.AddSingleton(provider => new TruthCheck(
        provider.GetRequiredService<ITruthStore>(),
        provider.GetRequiredService<IPresenceStore>(),
        provider.GetRequiredService<IRealtimeService>(),
        provider.GetRequiredService<ServiceGate>(),
        provider.GetRequiredService<PresenceEngine>(),
        provider.GetRequiredService<IOptions<PresenceOptions>>(),
        provider.GetRequiredService<PresenceMetrics>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<TruthCheck>>(),
        Random.Shared.NextDouble));

    private static void AddBudgets(this IServiceCollection services)
    {
        services.AddSingleton<BudgetGovernor>();
        services.AddSingleton<BudgetFollower>();
        services.AddHostedService(provider => provider.GetRequiredService<BudgetFollower>());
    }

    private static void AddStats(this IServiceCollection services)
    {
        services.AddSingleton<MetricsReader>();
        services.AddSingleton<StatsReader>();
    }

    private static void AddForecasting(this IServiceCollection services)
    {
        services.AddSingleton<ForecastScores>();
        services.AddSingleton<ForecastReader>();
    }

    private static void AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton(provider => new WebhookSender(
            provider.GetRequiredService<IOptions<PresenceOptions>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IWebhookSender>(provider => new Receivers(
            provider.GetRequiredService<WebhookSender>(),
            new EventGridTopic(
                provider.GetRequiredService<IOptions<PresenceOptions>>().Value,
                () => provider.GetRequiredService<StorageConnection>().Identity,
                provider.GetRequiredService<TimeProvider>())));
        services.AddSingleton(provider => new EventGridWebhook(
            provider.GetRequiredService<IWebhookStore>(),
            provider.GetRequiredService<EventFeed>(),
            provider.GetRequiredService<IOptions<PresenceOptions>>().Value.EventGridTopic is { Length: > 0 } topic ? new(topic) : null,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<WebhookFilters>();
        services.AddSingleton(provider => new WebhookSubscriptions(
            provider.GetRequiredService<IWebhookStore>(),
            provider.GetRequiredService<EventFeed>(),
            provider.GetRequiredService<EventGridWebhook>(),
            provider.GetRequiredService<IWebhookSender>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new WebhookDelivery(
            provider.GetRequiredService<IWebhookStore>(),
            provider.GetRequiredService<EventFeed>(),
            provider.GetRequiredService<EventGridWebhook>(),
            provider.GetRequiredService<IWebhookSender>(),
            provider.GetRequiredService<PresenceMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<WebhookDelivery>>()));
    }

    /// <summary>What is asked, in the order in which it is told. An identity provider only where one is configured.</summary>
    private static void AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<IDependency, StorageDependency>();
        services.AddSingleton<IDependency, RealtimeDependency>();
        services.AddSingleton<IdentityDependency>();
        services.AddSingleton(provider =>
        {
            var dependencies = provider.GetServices<IDependency>();
            return new Readiness(
                string.IsNullOrEmpty(provider.GetRequiredService<IOptions<PresenceOptions>>().Value.Authentication.Authority)
                    ? dependencies
                    : dependencies.Append(provider.GetRequiredService<IdentityDependency>()),
                provider.GetRequiredService<TimeProvider>());
        });
    }

    private static void AddDelivery(this IServiceCollection services)
    {
        services.AddSingleton<ServiceGate>();
        services.AddSingleton<Sender>();
        services.AddSingleton<HiddenListeners>();
        services.AddSingleton<RestrictedMessages>();
        services.AddSingleton(provider => new HubMessages(
            provider.GetRequiredService<Sender>(),
            provider.GetRequiredService<RestrictedMessages>(),
            provider.GetRequiredService<PresenceMetrics>(),
            provider.GetRequiredService<IOptions<PresenceOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            HubMessages.Pace));
        services.AddSingleton(provider => new BindingMessages(
            provider.GetRequiredService<HubMessages>(),
            provider.GetRequiredService<PresenceMetrics>(),
            provider.GetRequiredService<IOptions<PresenceOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CountMessages>();
        services.AddSingleton<IMessages>(provider => new SizedMessages(
            provider.GetRequiredService<IOptions<PresenceOptions>>().Value.Delivery switch
            {
                DeliveryMode.Hub => provider.GetRequiredService<HubMessages>(),
                DeliveryMode.Binding => provider.GetRequiredService<BindingMessages>(),
                var unknown => throw new InvalidOperationException($"There is no delivery {unknown}."),
            },
            provider.GetRequiredService<CountMessages>()));
        services.AddSingleton<WatchedGroups>();
        services.AddSingleton<Memberships>();
        services.AddSingleton<DutyPaces>();
        services.AddSingleton<DutyWork>();
        services.AddSingleton(provider => new Outbox(
            provider.GetRequiredService<IPresenceStore>(),
            provider.GetRequiredService<IRealtimeService>(),
            provider.GetRequiredService<ServiceGate>(),
            provider.GetRequiredService<IMessages>(),
            provider.GetRequiredService<DutyWork>(),
            provider.GetRequiredService<TimeProvider>()));

        // Sending needs rosters, rosters the engine, and the engine somebody who sends: that one is asked for when there is something to do.
        services.AddSingleton<IDelivery>(provider => new LateDelivery(new(provider.GetRequiredService<Outbox>)));
    }

    private static void AddLive(this IServiceCollection services)
    {
        services.AddSingleton<LiveMembers>();
        services.AddSingleton(provider => new LiveMessages(
            provider.GetRequiredService<Sender>(),
            provider.GetRequiredService<HiddenListeners>(),
            provider.GetRequiredService<IOptions<PresenceOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            HubMessages.Pace));
        services.AddSingleton(provider => new LiveStates(provider.GetRequiredService<LiveMembers>(), provider.GetRequiredService<LiveMessages>()));
    }

    private static void AddThrottle(this IServiceCollection services)
    {
        services.AddSingleton<ThrottleKeyRenewal>();
        services.AddSingleton<ThrottleKeys>();
        services.AddSingleton<ThrottleTokens>();
        services.AddSingleton(provider => new ActivityWindow(
            provider.GetRequiredService<IOptions<PresenceOptions>>(),
            CoarseTime.Of(provider.GetRequiredService<TimeProvider>())));
        services.AddSingleton<IHeldActivity>(provider => provider.GetRequiredService<ActivityWindow>());
        services.AddSingleton(provider => new ActivityRecorder(
            provider.GetRequiredService<PresenceEngine>(),
            provider.GetRequiredService<ActivityWindow>(),
            provider.GetRequiredService<ThrottleTokens>(),
            provider.GetRequiredService<IOptions<PresenceOptions>>(),
            provider.GetRequiredService<PresenceMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)))));
        services.AddSingleton<ActivityBatch>();
        services.AddSingleton(provider => new HeldActivityWriter(
            provider.GetRequiredService<ActivityWindow>(),
            provider.GetRequiredService<PresenceEngine>(),
            provider.GetRequiredService<IPresenceStore>(),
            provider.GetRequiredService<IOptions<PresenceOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<HeldActivityWriter>>()));
        services.AddHostedService(provider => provider.GetRequiredService<HeldActivityWriter>());
    }

    private static void AddSweep(this IServiceCollection services)
    {
        services.AddSingleton<ConnectionCheck>();
        services.AddSingleton(provider => new PresenceSweep(
            provider.GetRequiredService<IDueStore>(),
            provider.GetRequiredService<PresenceEngine>(),
            provider.GetRequiredService<Outbox>(),
            provider.GetRequiredService<ConnectionCheck>(),
            provider.GetRequiredService<IMaintenanceStore>(),
            provider.GetRequiredService<IOptions<PresenceOptions>>(),
            provider.GetRequiredService<PresenceMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PresenceSweep>>()));
    }
}
