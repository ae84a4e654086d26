using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Storage;
using Presence.Core.Throttle;

namespace Presence.Tests.Core.Engine;

/// <summary>
/// A random life of some users: batches of events that happen at once on random instances, and time that passes between. Every write is
/// checked as the store applies it, every announcement against the writes.
/// </summary>
internal sealed class RandomLife
{
    private const int Batches = 60;

    private readonly Random _random;
    private readonly FakeTimeProvider _time = Some.Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly Instance[] _instances;
    private readonly PresenceKey[] _users = [Some.Alice, Some.Bob, Some.Guest];
    private readonly ConcurrentBag<Transition> _announced = [];
    private readonly List<(PresenceKey User, long Version, DateTimeOffset? LeftAt)> _changes = [];
    private readonly Dictionary<PresenceKey, DateTimeOffset> _lastActive = [];
    private readonly List<(PresenceKey User, string Id)> _connections = [];
    private readonly ConcurrentBag<string> _broken = [];
    private bool _isSweeping;

    public RandomLife(int seed)
    {
        _random = new Random(seed);
        _store.Applied = Check;
        _store.OnLoad = _ => YieldAsync();
        _store.OnCommit = _ => YieldAsync();
        _instances = [.. Enumerable.Range(0, 3).Select(_ => Instance.OverMemory(_store, _time))];
    }

    public async Task LiveAsync()
    {
        for (var batch = 0; batch < Batches; batch++)
        {
            await Task.WhenAll([.. Enumerable.Range(0, _random.Next(1, 6)).Select(_ => Event())]);
            await SweepAsync();
            _time.Advance(Some.Seconds(_random.Next(5) == 0 ? _random.Next(400) : _random.Next(40)));
        }

        await EndAsync();
        Verify();
    }

    private async Task EndAsync()
    {
        foreach (var (user, id) in _connections)
        {
            await ApplyAsync(user, new PresenceEvent.Disconnected(id));
        }

        _time.Advance(TimeSpan.FromHours(1));
        await SweepAsync();
        foreach (var user in _users.Where(_lastActive.ContainsKey))
        {
            var view = await _instances[0].ViewAsync(user);
            Assert.Equal(PresenceStatus.Offline, view.Status);
            Assert.Equal(_lastActive[user], view.LastSeenAt);
        }
    }

    private void Verify()
    {
        Assert.Empty(_broken);
        Assert.Equal(
            _changes.Select(c => (c.User.ToString(), c.Version)).Order(),
            _announced.Select(t => (t.User.ToString(), t.View.Version)).Order());
    }

    /// <summary>Decided here, in the order of the seed; only what follows runs at once.</summary>
    private Task Event()
    {
        var user = _users[_random.Next(_users.Length)];
        return _random.Next(10) switch
        {
            < 5 => ActAsync(user, _time.GetUtcNow() - Some.Seconds(_random.Next(3) == 0 ? _random.Next(60) : 0)),
            5 => ConnectAsync(user),
            6 or 7 when _connections.Count > 0 => DisconnectAsync(),
            8 => ApplyAsync(user, new PresenceEvent.SignedOut()),
            9 => ApplyAsync(user, _random.Next(2) == 0 ? new PresenceEvent.Joined("team") : new PresenceEvent.Left("team")),
            _ => ApplyAsync(user, new PresenceEvent.Disconnected("never-heard-of")),
        };
    }

    private async Task ActAsync(PresenceKey user, DateTimeOffset beganAt)
    {
        ActivityRecorder recorder = AnyInstance().Recorder;
        var result = await Task.Run(async () => await recorder.RecordAsync(user, beganAt));
        foreach (var transition in result.Transitions)
        {
            _announced.Add(transition);
            DateTimeOffset? leftAt;
            lock (_changes)
            {
                leftAt = _changes.Single(c => c.User == user && c.Version == transition.View.Version).LeftAt;
            }

            // An activity flies with the request that started it.
            if (beganAt <= leftAt)
            {
                _broken.Add($"a request of {beganAt:T} brought {user} back, who left at {leftAt:T}");
            }
        }
    }

    private Task ConnectAsync(PresenceKey user)
    {
        var id = $"c{_connections.Count}";
        _connections.Add((user, id));
        foreach (var instance in _instances)
        {
            instance.Realtime.Has(id);
        }

        return ApplyAsync(user, new PresenceEvent.Connected(id));
    }

    private Task DisconnectAsync()
    {
        var (user, id) = _connections[_random.Next(_connections.Count)];
        return ApplyAsync(user, new PresenceEvent.Disconnected(id));
    }

    private async Task ApplyAsync(PresenceKey user, PresenceEvent happened)
    {
        var instance = AnyInstance();
        foreach (var transition in (await Task.Run(() => instance.ApplyAsync(user, happened))).Transitions)
        {
            _announced.Add(transition);
        }
    }

    /// <summary>On two instances at once: each change still has one winner.</summary>
    private async Task SweepAsync()
    {
        _isSweeping = true;
        var token = TestContext.Current.CancellationToken;
        var reports = await Task.WhenAll(_instances.Take(2).Select(i => Task.Run(() => i.Sweep.RunAsync(token))));
        foreach (var transition in reports.SelectMany(r => r.Transitions))
        {
            _announced.Add(transition);
        }

        _isSweeping = false;
    }

    /// <summary>Called by the store for each write, in order, one at a time.</summary>
    private void Check(StoredUser before, UserRecords after)
    {
        var (user, records, _) = before;
        var (was, now) = (records.ViewOf(user).Version, after.ViewOf(user).Version);
        if (records.Status != after.Status)
        {
            Hold(now > was, $"version of {user} went from {was} to {now}");
            lock (_changes)
            {
                _changes.Add((user, now, records.Profile?.LeftAt));
            }
        }
        else
        {
            Hold(now == was, $"version of {user} changed without a change of status");
        }

        if (after.Online is { } online)
        {
            _lastActive[user] = online.LastActiveAt;
        }

        if (records.Online is { Status: PresenceStatus.Online, LastClosedAt: null } active
            && after.Online is { } next
            && next.LastActiveAt != active.LastActiveAt
            && next.Connections.Open.Length == active.Connections.Open.Length)
        {
            Hold(
                next.LastActiveAt - active.LastActiveAt >= TimeSpan.FromSeconds(60),
                $"{user} recorded at {active.LastActiveAt:T} and again at {next.LastActiveAt:T}");
        }

        Hold(
            !_isSweeping || records.Connections.Open.IsEmpty || after.Status != PresenceStatus.Offline,
            $"the sweep took {user} offline, who is connected");
    }

    private void Hold(bool holds, string otherwise)
    {
        if (!holds)
        {
            _broken.Add(otherwise);
        }
    }

    private Instance AnyInstance() => _instances[_random.Next(_instances.Length)];

    private static async Task YieldAsync() => await Task.Yield();
}
