using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Presence.Core.Concurrency;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Sweep;

/// <summary>
/// Asks the SignalR service for connections that gave no sign for long. A disconnected event can be lost (Azure/azure-signalr#809);
/// without this its user would stay for ever.
/// </summary>
internal sealed partial class ConnectionCheck(
    IRealtimeService realtime, ServiceGate gate, IOptions<PresenceOptions> options, TimeProvider time, ILogger<ConnectionCheck> logger)
{
    private readonly IntervalGate _logTurn = new(TimeSpan.FromSeconds(10), time);

    /// <summary>
    /// The event that happened to the user by now: time passed, and where connections were to be asked for, what the service said of them.
    /// A service that cannot be asked leaves them as they are until the next sweep.
    /// </summary>
    public async ValueTask<PresenceEvent> WhatHappenedAsync(
        OnlineRecord online, DateTimeOffset now, TimeSpan patience, CancellationToken cancellationToken)
    {
        var silentSince = now - options.Value.ConnectionCheckAfter;
        var alive = new HashSet<string>();
        var gone = new HashSet<string>();
        try
        {
            foreach (var connection in online.Connections.Open.Where(c => c.At <= silentSince))
            {
                await gate.CallAsync(
                    async token => _ = await realtime.ConnectionExistsAsync(connection.Id, token) ? alive.Add(connection.Id) : gone.Add(connection.Id),
                    cancellationToken);
            }
        }
        catch (RealtimeUnavailableException e)
        {
            // The users who are due may be many.
            if (_logTurn.TryTake())
            {
                LogCheckFailed(e);
            }
        }

        return alive.Count + gone.Count == 0 ? new PresenceEvent.Due(patience) : new PresenceEvent.ConnectionsChecked(alive, gone, patience);
    }

    [LoggerMessage(EventName = "ConnectionCheckFailed", Level = LogLevel.Warning, Message = "The SignalR service could not be asked for a connection. Said at most every 10 s.")]
    private partial void LogCheckFailed(Exception exception);
}
