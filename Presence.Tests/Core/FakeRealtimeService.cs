using System.Collections.Concurrent;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Tests.Core;

/// <summary>A SignalR service that has the connections and groups it is told it has, and keeps what is sent.</summary>
internal sealed class FakeRealtimeService : IRealtimeService
{
    private readonly ConcurrentDictionary<string, PresenceKey?> _connections = [];
    private readonly ConcurrentDictionary<(string Connection, string Group), bool> _groups = [];
    private readonly ConcurrentDictionary<string, bool> _lost = [];
    private readonly ConcurrentQueue<(string Connection, Message Message)> _heard = [];
    private int _calls;

    /// <summary>One message.</summary>
    public sealed record Message(string? Group, string? Connection, string Target, object Argument, PresenceKey? User = null)
    {
        /// <summary>The changes it tells.</summary>
        public IReadOnlyList<PresenceView> Views => Argument switch
        {
            OwnPresence => [],
            PresenceView one => [one],
            IEnumerable<PresenceView> many => [.. many],
            _ => [],
        };
    }

    /// <summary>The connections asked for, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>The connections closed, in order.</summary>
    public ConcurrentQueue<string> Closed { get; } = [];

    /// <summary>The messages accepted, in order.</summary>
    public ConcurrentQueue<Message> Sent { get; } = [];

    /// <summary>The changes told to groups, in order: each once for each group.</summary>
    public IReadOnlyList<PresenceView> Told => [.. Sent.Where(m => m.Group is not null).SelectMany(m => m.Views)];

    /// <summary>How often it was asked for anything.</summary>
    public int Calls => _calls;

    public bool IsOutOfReach { get; set; }

    /// <summary>Awaited before each call is carried out, with what it does: may throw, or wait.</summary>
    public Func<string, Task>? OnCall { get; set; }

    /// <summary>Awaited after each call is carried out, before its answer arrives.</summary>
    public Func<string, Task>? OnCalled { get; set; }

    public void Has(string connectionId, PresenceKey? user = null) => _connections[connectionId] = user;

    public void Loses(string connectionId)
    {
        _lost[connectionId] = true;
        _connections.TryRemove(connectionId, out _);
        foreach (var key in _groups.Keys.Where(k => k.Connection == connectionId))
        {
            _groups.TryRemove(key, out _);
        }
    }

    /// <summary>Whether the connection gets the messages of the group.</summary>
    public bool IsIn(string connectionId, string group) => _groups.ContainsKey((connectionId, group));

    /// <summary>What reached a connection, by a group it was in or by itself, in order.</summary>
    public IReadOnlyList<Message> Heard(string connectionId) => [.. _heard.Where(h => h.Connection == connectionId).Select(h => h.Message)];

    /// <summary>What reached connections until now is not of interest.</summary>
    public void ForgetHeard() => _heard.Clear();

    /// <summary>What is told to one group.</summary>
    public IReadOnlyList<PresenceView> ToldTo(string group) => [.. Sent.Where(m => m.Group == group).SelectMany(m => m.Views)];

    public async ValueTask<ConnectionGrant> NegotiateAsync(
        PresenceKey caller, IReadOnlyDictionary<string, string> claims, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        await CallAsync("negotiate", () => { }, cancellationToken);
        return new("https://signalr.example/client", "token");
    }

    public async ValueTask<bool> ConnectionExistsAsync(string connectionId, CancellationToken cancellationToken)
    {
        Asked.Enqueue(connectionId);
        await CallAsync("exists " + connectionId, () => { }, cancellationToken);
        return _connections.ContainsKey(connectionId);
    }

    public async ValueTask<bool> UserIsConnectedAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        await CallAsync($"connected {user}", () => { }, cancellationToken);
        return _connections.Any(c => c.Value is { } owner && owner == user);
    }

    public ValueTask SendToGroupAsync(string group, string target, object argument, CancellationToken cancellationToken) =>
        CallAsync("send " + group, () => Send(new(group, null, target, argument)), cancellationToken);

    public ValueTask SendToGroupExceptAsync(
        string group, IReadOnlyList<string> excluded, string target, object argument, CancellationToken cancellationToken) =>
        CallAsync("send " + group, () => Send(new(group, null, target, argument), excluded), cancellationToken);

    public ValueTask SendToConnectionAsync(string connectionId, string target, object argument, CancellationToken cancellationToken) =>
        CallAsync("send " + connectionId, () => Send(new(null, connectionId, target, argument)), cancellationToken);

    public ValueTask SendToUserAsync(PresenceKey user, string target, object argument, CancellationToken cancellationToken) =>
        CallAsync($"send to {user}", () => Send(new(null, null, target, argument, user)), cancellationToken);

    public ValueTask EnterGroupAsync(string connectionId, string group, CancellationToken cancellationToken) =>
        CallAsync($"enter {connectionId} {group}", () => Enter(connectionId, group), cancellationToken);

    public ValueTask ExitGroupAsync(PresenceKey user, string group, CancellationToken cancellationToken) =>
        CallAsync($"exit {user} {group}", () => Exit(user, group), cancellationToken);

    public ValueTask ExitGroupAsync(string connectionId, string group, CancellationToken cancellationToken) =>
        CallAsync($"exit {connectionId} {group}", () => _groups.TryRemove((connectionId, group), out _), cancellationToken);

    public ValueTask CloseConnectionAsync(string connectionId, CancellationToken cancellationToken) => CallAsync(
        "close " + connectionId,
        () =>
        {
            Closed.Enqueue(connectionId);
            Loses(connectionId);
        },
        cancellationToken);

    private void Send(Message message, IReadOnlyList<string>? excluded = null)
    {
        Sent.Enqueue(message);
        var receivers = message.Connection is { } one ? [one]
            : message.User is { } user ? _connections.Where(c => c.Value == user).Select(c => c.Key)
            : _groups.Keys.Where(k => k.Group == message.Group).Select(k => k.Connection);
        foreach (var connection in receivers.Except(excluded ?? []))
        {
            _heard.Enqueue((connection, message));
        }
    }

    private void Enter(string connectionId, string group)
    {
        if (!_lost.ContainsKey(connectionId))
        {
            _groups[(connectionId, group)] = true;
        }
    }

    private void Exit(PresenceKey user, string group)
    {
        foreach (var key in _groups.Keys.Where(k => k.Group == group && _connections.GetValueOrDefault(k.Connection) is { } owner && owner == user))
        {
            _groups.TryRemove(key, out _);
        }
    }

    private async ValueTask CallAsync(string what, Action carryOut, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        await (OnCall?.Invoke(what) ?? Task.CompletedTask).WaitAsync(cancellationToken);
        if (IsOutOfReach)
        {
            throw new RealtimeUnavailableException("out of reach");
        }

        carryOut();
        await (OnCalled?.Invoke(what) ?? Task.CompletedTask).WaitAsync(cancellationToken);
    }
}
