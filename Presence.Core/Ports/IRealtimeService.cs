using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>Where and with which token a client connects.</summary>
/// <param name="Url">The client endpoint of the SignalR service.</param>
/// <param name="AccessToken">The token for it. A secret of the client.</param>
public sealed record ConnectionGrant(string Url, string AccessToken);

/// <summary>
/// What we ask of the SignalR service. All of it throws <see cref="RealtimeUnavailableException"/> while the service is out of reach or
/// refuses us; what is asked about somebody who is not there is no error.
/// </summary>
public interface IRealtimeService
{
    /// <summary>Lets a caller, already validated, connect.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="claims">They come back with the events of its connection.</param>
    /// <param name="lifetime">How long the grant lasts, more than zero; then a connection made by it ends.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<ConnectionGrant> NegotiateAsync(
        PresenceKey caller, IReadOnlyDictionary<string, string> claims, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Whether the service still has a connection.</summary>
    ValueTask<bool> ConnectionExistsAsync(string connectionId, CancellationToken cancellationToken);

    /// <summary>Whether the service has any connection of a user.</summary>
    ValueTask<bool> UserIsConnectedAsync(PresenceKey user, CancellationToken cancellationToken);

    /// <summary>Sends a message to a group.</summary>
    ValueTask SendToGroupAsync(string group, string target, object argument, CancellationToken cancellationToken);

    /// <summary>Sends a message to a group, but for some of its connections: 150 at most.</summary>
    ValueTask SendToGroupExceptAsync(
        string group, IReadOnlyList<string> excluded, string target, object argument, CancellationToken cancellationToken);

    /// <summary>Sends a message to a connection.</summary>
    ValueTask SendToConnectionAsync(string connectionId, string target, object argument, CancellationToken cancellationToken);

    /// <summary>Sends a message to all connections of a user.</summary>
    ValueTask SendToUserAsync(PresenceKey user, string target, object argument, CancellationToken cancellationToken);

    /// <summary>From now on the connection receives the messages of the group.</summary>
    ValueTask EnterGroupAsync(string connectionId, string group, CancellationToken cancellationToken);

    /// <summary>
    /// From now on no connection of the user, known to us or not, receives messages of the group, however it got into it; nor does the
    /// service put later ones of the user into it, as it does where a user and not a connection was put into a group.
    /// </summary>
    ValueTask ExitGroupAsync(PresenceKey user, string group, CancellationToken cancellationToken);

    /// <summary>From now on the connection receives no messages of the group.</summary>
    ValueTask ExitGroupAsync(string connectionId, string group, CancellationToken cancellationToken);

    /// <summary>Closes a connection.</summary>
    ValueTask CloseConnectionAsync(string connectionId, CancellationToken cancellationToken);
}

/// <summary>The SignalR service is out of reach or refuses us. Trying again later is safe.</summary>
public sealed class RealtimeUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
