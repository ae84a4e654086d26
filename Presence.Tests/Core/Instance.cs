using Azure.Core.Pipeline;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Presence.Core;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Live;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rosters;
using Presence.Core.Sweep;
using Presence.Core.TableStorage;
using Presence.Core.Throttle;
using Presence.Tests.Core.Webhooks;

namespace Presence.Tests.Core;

/// <summary>One function instance's Core, wired as a host wires it. Several of them may share a store, or a table.</summary>
internal sealed class Instance : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Instance(ServiceProvider services, FakeRealtimeService realtime)
    {
        _services = services;
        Realtime = realtime;
        // Before the first event, as in a host: it listens to the engine.
        Recorder = Get<ActivityRecorder>();
        Rosters = Get<RosterReader>();
    }

    public FakeRealtimeService Realtime { get; }

    public ActivityRecorder Recorder { get; }

    public RosterReader Rosters { get; }

    /// <summary>What it has measured since it started.</summary>
    public MetricTotals Totals => Get<PresenceMetrics>().Totals;

    public ActivityCounts Counts => ActivityCounts.Of(Totals);

    public PresenceEngine Engine => Get<PresenceEngine>();

    public PresenceSweep Sweep => Get<PresenceSweep>();

    public IPresenceStore Store => Get<IPresenceStore>();

    public IDueStore DueStore => Get<IDueStore>();

    /// <param name="store">What it shares with others.</param>
    /// <param name="time">The clock.</param>
    /// <param name="change">Changes the settings.</param>
    /// <param name="realtime">The SignalR service, where it is shared with others; otherwise one of its own.</param>
    /// <param name="pace">How often a crowd is told of. Zero, unlike in a host: nobody moves the clock while messages wait.</param>
    /// <param name="maintenance">What is shared beyond users, where it is shared with others.</param>
    public static Instance OverMemory(
        IPresenceStore store, TimeProvider time, Action<PresenceOptions>? change = null, FakeRealtimeService? realtime = null, TimeSpan pace = default,
        IMaintenanceStore? maintenance = null) =>
        Create("UseDevelopmentStorage=true", time, change, realtime ?? new(), pace, transport: null, services =>
        {
            services.AddSingleton(store).AddSingleton(maintenance ?? new NoMaintenanceStore()).AddSingleton<IWebhookStore>(new InMemoryWebhooks())
                .AddSingleton<IThrottleKeyStore>(store is InMemoryPresenceStore memory ? memory.ThrottleKeys : new InMemoryThrottleKeys());
            if (store is InMemoryPresenceStore { History: var history })
            {
                services.AddSingleton<IHistoryStore>(history).AddSingleton<IConversationHistoryStore>(history).AddSingleton<IDaySummaryStore>(history);
            }

            if (store is IErasureStore erasure)
            {
                services.AddSingleton(erasure);
            }

            if (store is IWatchStore watches)
            {
                services.AddSingleton(watches);
            }

            if (store is IEventStore events)
            {
                services.AddSingleton(events);
            }

            if (store is InMemoryPresenceStore { Clock: null } ownTime)
            {
                ownTime.Clock = time;
            }

            if (store is IDueStore due)
            {
                services.AddSingleton(due);
            }
        });

    public static Instance OverTable(
        string connectionString, TimeProvider time, Action<PresenceOptions>? change = null, HttpPipelineTransport? transport = null,
        FakeRealtimeService? realtime = null) =>
        Create(connectionString, time, change, realtime ?? new(), pace: default, transport, _ => { });

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<Change> ApplyAsync(PresenceKey user, PresenceEvent happened) =>
        await Engine.ApplyAsync(user, happened, TestContext.Current.CancellationToken);

    public async Task<PresenceView> ViewAsync(PresenceKey user) =>
        (await Store.LoadAsync(user, TestContext.Current.CancellationToken)).Records.ViewOf(user);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static Instance Create(
        string connectionString, TimeProvider time, Action<PresenceOptions>? change, FakeRealtimeService realtime, TimeSpan pace,
        HttpPipelineTransport? transport, Action<IServiceCollection> configure)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("AzureWebJobsStorage", connectionString)])
            .Build();
        var services = new ServiceCollection()
            .AddSingleton(time)
            .AddMetrics()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddPresence(configuration)
            .AddSingleton<IRealtimeService>(realtime)
            .AddSingleton(provider => new HubMessages(
                provider.GetRequiredService<Sender>(), provider.GetRequiredService<RestrictedMessages>(), provider.GetRequiredService<PresenceMetrics>(),
                provider.GetRequiredService<IOptions<PresenceOptions>>(), time, pace))
            .AddSingleton(provider => new LiveMessages(
                provider.GetRequiredService<Sender>(), provider.GetRequiredService<HiddenListeners>(),
                provider.GetRequiredService<IOptions<PresenceOptions>>(), time, pace))
            .AddSingleton(new DutyPaces { Welcomes = pace })
            .AddSingleton(provider => new RosterReader(
                provider.GetRequiredService<IPresenceStore>(), provider.GetRequiredService<IOptions<PresenceOptions>>(), time, pace))
            .AddSingleton(provider => new RosterWriter(provider.GetRequiredService<IPresenceStore>(), provider.GetRequiredService<RosterReader>(), time, pace))
            .Configure<PresenceOptions>(options =>
            {
                Some.Configure(options);
                change?.Invoke(options);
            })
            .Configure<StorageClientOptions>(options => options.Configure = client =>
            {
                client.Transport = transport ?? client.Transport;
                // Waits between tries and for an answer are the real clock's, and nothing here depends on them.
                client.Retry.Delay = client.Retry.MaxDelay = TimeSpan.FromMilliseconds(1);
                client.Retry.NetworkTimeout = TimeSpan.FromMinutes(1);
            });
        configure(services);
        return new Instance(services.BuildServiceProvider(), realtime);
    }
}
