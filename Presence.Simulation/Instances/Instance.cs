using Microsoft.Extensions.Logging.Abstractions;
using Presence.Core.Delivery;
using Presence.Core.Engine;
using Presence.Core.Erasing;
using Presence.Core.Ledger;
using Presence.Core.Live;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rosters;
using Presence.Core.Sessions;
using Presence.Core.Sweep;
using Presence.Core.Throttle;
using Presence.Core.Webhooks;
using Presence.Simulation.Operations;
using Presence.Simulation.Storage;

namespace Presence.Simulation.Instances;

/// <summary>One instance of the function app: the real Core, wired as the hosts wire it, on its own clock and its own ways to the services.</summary>
internal sealed class Instance : IDisposable
{
    private readonly HeldActivityWriter _held;

    public Instance(
        InstanceLife life, IPresenceStore store, IDueStore due, ISessionStore sessions, IMaintenanceStore maintenance, IErasureStore erasure,
        IEventStore events, IHistoryStore history, IWebhookStore webhooks, IWebhookSender receivers, IRealtimeService realtime, IThrottleKeyStore keys, PresenceOptions settings, PresenceMetrics metrics,
        uint number, Func<double> chance)
    {
        Life = life;
        var options = InForce = new SettingsInForce(settings);
        var clock = life.Clock;
        var window = new ActivityWindow(options, clock);
        Outbox? outbox = null;
        Engine = new PresenceEngine(store, new LateDelivery(new Lazy<Outbox>(() => outbox!)), window, options, metrics, clock);
        var rosters = new RosterReader(store, options, clock, RosterReader.Pace);
        var gate = new ServiceGate(clock, chance);
        var sight = new RosterSight(rosters, options, clock);
        var hidden = new HiddenListeners(store, rosters, options);
        var sender = new Sender(realtime, gate, metrics);
        var restricted = new RestrictedMessages(sender, realtime, gate, store, rosters, hidden, metrics, options, clock);
        var messages = new HubMessages(sender, restricted, metrics, options, clock, HubMessages.Pace);
        var reader = new PresenceReader(store, options, clock);
        var snapshots = new Snapshots(rosters, sight, reader, store);
        var watched = new WatchedGroups(store, new NoWatchLists(), reader, realtime, options, clock);
        var memberships = new Memberships(store, realtime, gate, watched, snapshots, messages, options, clock);
        var writer = new RosterWriter(store, rosters, clock, RosterWriter.Pace);
        Relationships = new Relationships(store, Engine, options, clock);
        var work = new DutyWork(store, realtime, gate, messages, writer, memberships, Relationships, options, new(), clock, NullLogger<DutyWork>.Instance);
        outbox = new Outbox(store, realtime, gate, messages, work, clock);
        Negotiated = new NegotiatedUsers(clock);
        var tokens = new ThrottleTokens(new(new(keys, clock), clock, NullLogger<ThrottleKeys>.Instance), options, clock);
        Recorder = new ActivityRecorder(Engine, window, tokens, options, metrics, clock, number);
        _held = new HeldActivityWriter(window, Engine, store, options, clock, NullLogger<HeldActivityWriter>.Instance);
        var check = new ConnectionCheck(realtime, gate, options, clock, NullLogger<ConnectionCheck>.Instance);
        Sweep = new PresenceSweep(due, Engine, outbox, check, maintenance, options, metrics, clock, NullLogger<PresenceSweep>.Instance);
        Sessions = new AnonymousSessions(sessions, options, clock);
        Batch = new ActivityBatch(Recorder, store, options, metrics);
        Live = new LiveStates(new(store, Engine, clock), new(sender, hidden, options, clock, HubMessages.Pace));
        Erasure = new Erasure(Engine, Sessions, Relationships, store, erasure, events, new WebhookFilters(webhooks), history, options);
        Events = new EventFeed(events, options, clock);
        var eventGrid = new EventGridWebhook(webhooks, Events, topic: null, clock);
        Webhooks = new WebhookDelivery(webhooks, Events, eventGrid, receivers, metrics, clock, NullLogger<WebhookDelivery>.Instance);
        Subscriptions = new WebhookSubscriptions(webhooks, Events, eventGrid, receivers, clock);
        (Store, Realtime, Options) = (store, realtime, settings);
        life.Died += Drop;
    }

    public InstanceLife Life { get; }

    public PresenceOptions Options { get; }

    /// <summary>The same, at the step of economy that it knows of.</summary>
    public SettingsInForce InForce { get; }

    public IPresenceStore Store { get; }

    public IRealtimeService Realtime { get; }

    public PresenceEngine Engine { get; }

    public Relationships Relationships { get; }

    public NegotiatedUsers Negotiated { get; }

    public ActivityRecorder Recorder { get; }

    public ActivityBatch Batch { get; }

    public LiveStates Live { get; }

    public PresenceSweep Sweep { get; }

    public AnonymousSessions Sessions { get; }

    public Erasure Erasure { get; }

    public EventFeed Events { get; }

    public WebhookDelivery Webhooks { get; }

    public WebhookSubscriptions Subscriptions { get; }

    /// <summary>Whether it is given further work.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>What it is working on.</summary>
    public List<Operation> AtWork { get; } = [];

    /// <summary>No further work; what is begun goes on.</summary>
    public void Close() => IsOpen = false;

    /// <summary>Begins to write what its windows hold back of users who have gone quiet.</summary>
    public void StartWriting() => _ = _held.StartAsync(CancellationToken.None);

    /// <summary>Writes all that its windows hold back, and ends that.</summary>
    public Task StopWritingAsync() => _held.StopAsync(CancellationToken.None);

    /// <summary>Ends with the schedule.</summary>
    public void Dispose() => _held.Dispose();

    private void Drop()
    {
        IsOpen = false;
        foreach (var operation in AtWork.ToList())
        {
            operation.TryAnswer(Answer.Lost, Life.DiedAt!.Value);
        }
    }
}
