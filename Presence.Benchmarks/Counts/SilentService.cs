using System.Collections.Concurrent;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Benchmarks.Counts;

/// <summary>A SignalR service that does whatever it is asked, and whom nobody listens to.</summary>
internal sealed class SilentService : IRealtimeService
{
    private readonly ConcurrentDictionary<PresenceKey, IReadOnlyDictionary<string, string>> _claims = [];

    /// <summary>What was said when a user negotiated; it comes back with the connection.</summary>
    public IReadOnlyDictionary<string, string> ClaimsOf(PresenceKey user) => _claims[user];

    public ValueTask<ConnectionGrant> NegotiateAsync(
        PresenceKey caller, IReadOnlyDictionary<string, string> claims, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        _claims[caller] = claims;
        return new(new ConnectionGrant("https://signalr.example/client", "token"));
    }

    public ValueTask<bool> ConnectionExistsAsync(string connectionId, CancellationToken cancellationToken) => new(true);

    public ValueTask<bool> UserIsConnectedAsync(PresenceKey user, CancellationToken cancellationToken) => new(true);

    public ValueTask SendToGroupAsync(string group, string target, object argument, CancellationToken cancellationToken) => default;

    public ValueTask SendToGroupExceptAsync(
        string group, IReadOnlyList<string> excluded, string target, object argument, CancellationToken cancellationToken) => default;

    public ValueTask SendToConnectionAsync(string connectionId, string target, object argument, CancellationToken cancellationToken) => default;

    public ValueTask SendToUserAsync(PresenceKey user, string target, object argument, CancellationToken cancellationToken) => default;

    public ValueTask EnterGroupAsync(string connectionId, string group, CancellationToken cancellationToken) => default;

    public ValueTask ExitGroupAsync(PresenceKey user, string group, CancellationToken cancellationToken) => default;

    public ValueTask ExitGroupAsync(string connectionId, string group, CancellationToken cancellationToken) => default;

    public ValueTask CloseConnectionAsync(string connectionId, CancellationToken cancellationToken) => default;
}
