using Presence.Core.Concurrency;
using Presence.Core.Metrics;
using Presence.Core.Ports;

namespace Presence.Core.Delivery;

/// <summary>Hands a message to the service, and counts it when it has been accepted.</summary>
internal sealed class Sender(IRealtimeService realtime, ServiceGate gate, PresenceMetrics metrics)
{
    /// <summary>Sends a message.</summary>
    /// <exception cref="RealtimeUnavailableException">The service is out of reach, or refuses.</exception>
    public async Task SendAsync(Announcement message, CancellationToken cancellationToken)
    {
        await gate.CallAsync(token => CallAsync(message, [], token), cancellationToken);
        metrics.HandedOn(message.Target);
    }

    /// <summary>Sends a message to a group but for some of its connections, if that begins within a limit.</summary>
    /// <inheritdoc cref="SendAsync" path="/exception"/>
    public async Task SendExceptAsync(Announcement message, IReadOnlyList<string> excluded, TimeLimit limit)
    {
        await gate.CallAsync(token => CallAsync(message, excluded, token), limit);
        metrics.HandedOn(message.Target);
    }

    private ValueTask CallAsync(Announcement message, IReadOnlyList<string> excluded, CancellationToken cancellationToken) => message switch
    {
        { ConnectionId: { } connection } => realtime.SendToConnectionAsync(connection, message.Target, message.Argument, cancellationToken),
        { User: { } user } => realtime.SendToUserAsync(user, message.Target, message.Argument, cancellationToken),
        { Group: { } group } when excluded.Count == 0 => realtime.SendToGroupAsync(group, message.Target, message.Argument, cancellationToken),
        { Group: { } group } => realtime.SendToGroupExceptAsync(group, excluded, message.Target, message.Argument, cancellationToken),
        _ => throw new ArgumentException("A message has a receiver.", nameof(message)),
    };
}
