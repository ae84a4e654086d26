using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Engine;

/// <summary>Random events of a few users at several instances at once, in rounds between which time passes. The seed decides them all.</summary>
internal sealed class EventStorm(int seed, FakeTimeProvider clock, IReadOnlyList<Instance> instances, IReadOnlyList<PresenceKey> users)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<PresenceKey, List<string>> _open = users.ToDictionary(u => u, _ => new List<string>());
    private int _connections;

    /// <summary>What was handed out to be announced.</summary>
    public ConcurrentBag<Transition> Announced { get; } = [];

    /// <summary>The transitions of the last round's sweeps.</summary>
    public ConcurrentBag<Transition> Swept { get; } = [];

    /// <summary>The users who had a connection open all through the last round.</summary>
    public HashSet<PresenceKey> Connected { get; } = [];

    public async Task RoundAsync(int calls)
    {
        Swept.Clear();
        Connected.Clear();
        Connected.UnionWith(users.Where(u => _open[u].Count > 0));
        var round = Enumerable.Range(0, calls).Select(_ => NextCall()).ToList();
        await Task.WhenAll(round.Select(call => Task.Run(call)));
        clock.Advance(Seconds(_random.Next(1, 90)));
    }

    /// <summary>Closes every connection, lets more than enough time pass, and sweeps.</summary>
    public async Task EndAsync()
    {
        foreach (var (user, connection) in users.SelectMany(u => _open[u].Select(c => (u, c))))
        {
            EachService(s => s.Loses(connection));
            await ApplyAsync(instances[0], user, new Disconnected(connection));
        }

        clock.Advance(TimeSpan.FromHours(1));
        await SweepAsync(instances[0]);
        clock.Advance(TimeSpan.FromHours(1));
        await SweepAsync(instances[0]);
    }

    private Func<Task> NextCall()
    {
        var instance = instances[_random.Next(instances.Count)];
        var user = users[_random.Next(users.Count)];
        var began = clock.GetUtcNow() - Seconds(_random.Next(4) == 0 ? _random.Next(30) : 0);
        switch (_random.Next(12))
        {
            case 0:
                var opened = $"c{++_connections}";
                _open[user].Add(opened);
                EachService(s => s.Has(opened));
                return () => ApplyAsync(instance, user, new Connected(opened));
            case 1 when _open[user] is [.., var last]:
                // May well arrive before the connected event of the same round.
                _open[user].Remove(last);
                EachService(s => s.Loses(last));
                Connected.Remove(user);
                return () => ApplyAsync(instance, user, new Disconnected(last));
            case 2:
                return () => ApplyAsync(instance, user, new Disconnected("unknown"));
            case 3 when _random.Next(3) == 0:
                Connected.Remove(user);
                return () => ApplyAsync(instance, user, new SignedOut());
            case 4 or 5:
                return () => SweepAsync(instance);
            default:
                return async () => (await instance.Recorder.RecordAsync(user, began)).Transitions.ToList().ForEach(Announced.Add);
        }
    }

    private void EachService(Action<FakeRealtimeService> act)
    {
        foreach (var instance in instances)
        {
            act(instance.Realtime);
        }
    }

    private async Task ApplyAsync(Instance instance, PresenceKey user, PresenceEvent happened) =>
        (await instance.ApplyAsync(user, happened)).Transitions.ToList().ForEach(Announced.Add);

    private async Task SweepAsync(Instance instance)
    {
        foreach (var transition in (await instance.Sweep.RunAsync(TestContext.Current.CancellationToken)).Transitions)
        {
            Announced.Add(transition);
            Swept.Add(transition);
        }
    }
}
