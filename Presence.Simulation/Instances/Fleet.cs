using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Presence.Core.Metrics;
using Presence.Core.TableStorage;
using Presence.Simulation.Operations;
using Presence.Simulation.Realtime;
using Presence.Simulation.Receivers;
using Presence.Simulation.Services;
using Presence.Simulation.Storage;
using Presence.Simulation.Time;
using Presence.Simulation.World;

namespace Presence.Simulation.Instances;

/// <summary>The instances: started, stopped, frozen and killed.</summary>
internal sealed class Fleet(Surroundings world, Action<Commit> committed) : IMeterFactory
{
    private readonly List<Meter> _meters = [];
    private PresenceMetrics? _metrics;
    private readonly List<Instance> _instances = [];
    private readonly OneThrottleKey _keys = new();
    private int _operations;

    /// <summary>All instances there ever were.</summary>
    public IReadOnlyList<Instance> All => _instances;

    /// <summary>Those that take work.</summary>
    public IEnumerable<Instance> Open => _instances.Where(i => i.IsOpen);

    /// <summary>Reads rows.</summary>
    public RowReader Rows => new(_metrics!, new InstanceClock(world.Time), NullLogger<RowReader>.Instance);

    /// <summary>Raised when an operation is answered.</summary>
    public event Action<Operation>? Answered;

    /// <summary>Starts one more.</summary>
    public Instance Start()
    {
        var clock = new InstanceClock(world.Time) { Ahead = Ahead() };
        var life = new InstanceLife($"i{_instances.Count + 1}", clock, world.Time.Now);
        var storage = WireTo("storage", life, world.StorageWeather, what => new Core.Ports.StoreUnavailableException(what));
        var realtime = WireTo("signalr", life, world.RealtimeWeather, what => new Core.Ports.RealtimeUnavailableException(what));
        var shards = world.Settings.Presence.ShardCount;
        _metrics ??= new PresenceMetrics(this);
        var store = new PresenceStore(world.Table, storage, shards, world.Population, committed, world.Trace)
            .With(new RowReader(_metrics, clock, NullLogger<RowReader>.Instance), clock);
        var instance = new Instance(
            life,
            store,
            store,
            new SessionStore(world.Table, storage, shards),
            new MaintenanceStore(world.Shared, storage),
            new NoStrays(),
            new EventStore(world.Table, storage, shards),
            new HistoryStore(world.Table, storage, shards),
            new WebhookStore(world.Table, storage, world.Receivers.OnKept),
            new ReceiverSender(world.Receivers, receiver => WireTo(receiver.Id, life, receiver.Weather, what => new IOException(what))),
            new RealtimeService(world.SignalR, realtime),
            _keys,
            world.Settings.Presence,
            _metrics,
            (uint)_instances.Count + 1,
            world.Chance.Next);
        _instances.Add(instance);
        world.Trace.Say(life.Name, $"starts, its clock {clock.Ahead} ahead");
        life.Died += () => world.Trace.Say(life.Name, $"dies");
        Operation.In(new(++_operations, OperationKind.Held, life, null, world.Time.Now), instance.StartWriting);
        return instance;
    }

    /// <summary>Has an instance do something, and waits for the answer, or for its death.</summary>
    public async Task<Operation> AskAsync(Instance instance, Func<int, Operation> begin, Func<Instance, Operation, Task> work)
    {
        var operation = begin(++_operations);
        instance.AtWork.Add(operation);
        operation.User?.Operations.Add(operation);
        operation.Parts.ToList().ForEach(part => part.User!.Operations.Add(part));
        world.Trace.Say(instance.Life.Name, $"{operation.Name} {operation.User?.Name} {operation.Connection?.Id} {operation.Conversation} begins");
        Operation.In(operation, () => _ = WorkAsync(instance, operation, work));
        await operation.Ended;
        instance.AtWork.Remove(operation);
        var status = operation.Status?.ToString() + (operation.IsThrottled ? " throttled" : "");
        world.Trace.Say(instance.Life.Name, $"{operation.Name} {operation.User?.Name}: {operation.Answer} {status}");
        Answered?.Invoke(operation);
        return operation;
    }

    /// <summary>Ends an instance in good order: it finishes what it has begun, and writes what it holds back.</summary>
    public async Task StopAsync(Instance instance)
    {
        instance.Close();
        world.Trace.Say(instance.Life.Name, $"is to stop");
        await world.Time.DelayAsync(TimeSpan.FromSeconds(8));
        if (instance.Life.DiedAt is null)
        {
            await AskAsync(instance, number => new(number, OperationKind.Stop, instance.Life, null, world.Time.Now), (i, _) => i.StopWritingAsync());
            instance.Life.Crash();
        }
    }

    Meter IMeterFactory.Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>Ends with the schedule.</summary>
    public void Dispose()
    {
        _instances.ForEach(instance => instance.Dispose());
        _metrics?.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    private async Task WorkAsync(Instance instance, Operation operation, Func<Instance, Operation, Task> work)
    {
        Answer answer;
        try
        {
            await work(instance, operation);
            answer = Answer.Ok;
        }
        catch (Exception e)
        {
            answer = AnswerTo(e);
            if (answer == Answer.Broken)
            {
                world.Trace.Say(instance.Life.Name, $"{operation.Name}: {e.ToString()}");
            }
        }

        operation.TryAnswer(answer, world.Time.Now);
    }

    private static Answer AnswerTo(Exception failure) => failure switch
    {
        Core.Ports.StoreUnavailableException or Core.Ports.RealtimeUnavailableException or OperationCanceledException => Answer.Unavailable,
        Core.Engine.SignedOutException => Answer.SignedOut,
        Core.Callers.UnauthenticatedException => Answer.Unauthenticated,
        Core.Rosters.ForbiddenException or Core.Live.RateLimitedException => Answer.Refused,
        _ => Answer.Broken,
    };

    private Wire WireTo(string service, InstanceLife life, Weather weather, Func<string, Exception> failure) =>
        new(service, life, weather, world.Chance, world.Time, world.Trace, failure);

    private TimeSpan Ahead() => TimeSpan.FromMilliseconds(Math.Round((world.Chance.Next() * 2 - 1) * world.Settings.Skew * 1000));
}
