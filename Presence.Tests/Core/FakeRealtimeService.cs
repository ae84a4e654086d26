using System.Collections.Concurrent;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Tests.Core;

/// <summary>A SignalR service that has the connections it is told it has.</summary>
internal sealed class FakeRealtimeService : IRealtimeService
{
    private readonly ConcurrentDictionary<string, bool> _connections = [];

    /// <summary>The connections asked for, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>The connections closed, in order.</summary>
    public ConcurrentQueue<string> Closed { get; } = [];

    public bool IsOutOfReach { get; set; }

    public void Has(string connectionId) => _connections[connectionId] = true;

    public void Loses(string connectionId) => _connections.TryRemove(connectionId, out _);

    public ValueTask<ConnectionGrant> NegotiateAsync(
        PresenceKey caller, IReadOnlyDictionary<string, string> claims, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<bool> ConnectionExistsAsync(string connectionId, CancellationToken cancellationToken)
    {
        Asked.Enqueue(connectionId);
        return IsOutOfReach ? throw new RealtimeUnavailableException("out of reach") : new(_connections.ContainsKey(connectionId));
    }

    public ValueTask EnterGroupAsync(string connectionId, string group, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask CloseConnectionAsync(string connectionId, CancellationToken cancellationToken)
    {
        if (IsOutOfReach)
        {
            throw new RealtimeUnavailableException("out of reach");
        }

        Closed.Enqueue(connectionId);
        Loses(connectionId);
        return ValueTask.CompletedTask;
    }
}
