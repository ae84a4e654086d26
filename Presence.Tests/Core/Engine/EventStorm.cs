using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Ports;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Engine;

/// <summary>
/// Random events of a few users at several instances of one SignalR service at once, in rounds between which time passes. The seed decides
/// them all.
/// </summary>
internal sealed class EventStorm(
    int seed, FakeTimeProvider clock, FakeRealtimeService realtime, IReadOnlyList<Instance> instances, IReadOnlyList<PresenceKey> users)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<PresenceKey, List<string>> _open = users.ToDictionary(u => u, _ => new List<string>());
    private int _connections;

    /// <summary>What was told in the last round.</summary>
    public IReadOnlyList<PresenceView> Told { get; private set; } = [];

    /// <summary>The users who had a connection open all through the last round.</summary>
    public HashSet<PresenceKey> Connected { get; } = [];

    public async Task RoundAsync(int calls)
    {
        Connected.Clear();
        Connected.UnionWith(users.Where(u => _open[u].Count > 0));
        var before = realtime.Told.Count;
        var round = Enumerable.Range(0, calls).Select(_ => NextCall()).ToList();
        await Task.WhenAll(round.Select(call => Task.Run(call)));
        await LoseClosedAsync();
        Told = [.. realtime.Told.Skip(before)];
        clock.Advance(Seconds(_random.Next(1, 90)));
    }

    /// <summary>Closes every connection, lets more than enough time pass, and sweeps.</summary>
    public async Task EndAsync()
    {
        foreach (var (user, connection) in users.SelectMany(u => _open[u].Select(c => (u, c))))
        {
            realtime.Loses(connection);
            await instances[0].ApplyAsync(user, new Disconnected(connection));
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
                realtime.Has(opened, user);
                return () => instance.ApplyAsync(user, new Connected(opened));
            case 1 when _open[user] is [.., var last]:
                // May well arrive before the connected event of the same round.
                _open[user].Remove(last);
                realtime.Loses(last);
                Connected.Remove(user);
                return () => instance.ApplyAsync(user, new Disconnected(last));
            case 2:
                return () => instance.ApplyAsync(user, new Disconnected("unknown"));
            case 3 when _random.Next(3) == 0:
                Connected.Remove(user);
                return () => instance.ApplyAsync(user, new SignedOut());
            case 4 or 5:
                return () => SweepAsync(instance);
            default:
                return () => instance.Recorder.RecordAsync(user, began).AsTask();
        }
    }

    /// <summary>The service tells of the connections that it was asked to close.</summary>
    private async Task LoseClosedAsync()
    {
        foreach (var user in users)
        {
            foreach (var closed in _open[user].Where(realtime.Closed.Contains).ToList())
            {
                _open[user].Remove(closed);
                await instances[0].ApplyAsync(user, new Disconnected(closed));
            }
        }
    }

    private static Task<SweepReport> SweepAsync(Instance instance) => instance.Sweep.RunAsync(TestContext.Current.CancellationToken);
}
