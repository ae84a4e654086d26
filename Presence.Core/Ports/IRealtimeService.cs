using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>Where and with which token a client connects.</summary>
/// <param name="Url">The client endpoint of the SignalR service.</param>
/// <param name="AccessToken">The token for it. A secret of the client.</param>
public sealed record ConnectionGrant(string Url, string AccessToken);

/// <summary>
/// What we ask of the SignalR service ourselves; messages go out as results of functions. All of it throws
/// <see cref="RealtimeUnavailableException"/> while the service is out of reach.
/// </summary>
public interface IRealtimeService
{
    /// <summary>Lets a caller, already validated, connect. The claims come back with its connection's events.</summary>
    ValueTask<ConnectionGrant> NegotiateAsync(
        PresenceKey caller, IReadOnlyDictionary<string, string> claims, CancellationToken cancellationToken);

    /// <summary>Whether the service still has a connection.</summary>
    ValueTask<bool> ConnectionExistsAsync(string connectionId, CancellationToken cancellationToken);

    /// <summary>From now on the connection receives the messages of the group; one that is gone already is no error.</summary>
    ValueTask EnterGroupAsync(string connectionId, string group, CancellationToken cancellationToken);

    /// <summary>Closes a connection; one that is gone already is no error.</summary>
    ValueTask CloseConnectionAsync(string connectionId, CancellationToken cancellationToken);
}

/// <summary>The SignalR service is out of reach or refuses us. Trying again later is safe.</summary>
public sealed class RealtimeUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
