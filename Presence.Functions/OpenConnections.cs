using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Functions;

/// <summary>Closes the connections of users who have left.</summary>
public sealed partial class OpenConnections(IRealtimeService realtime, ILogger<OpenConnections> logger)
{
    /// <summary>Closes all known connections. One that cannot be closed now ends with its token, or when its client goes.</summary>
    public async Task CloseAsync(UserRecords records, CancellationToken cancellationToken)
    {
        foreach (var connection in records.Connections.Open)
        {
            try
            {
                await realtime.CloseConnectionAsync(connection.Id, cancellationToken);
            }
            catch (RealtimeUnavailableException e)
            {
                LogNotClosed(connection.Id, e);
            }
        }
    }

    [LoggerMessage(EventName = "ConnectionNotClosed", Level = LogLevel.Warning, Message = "Connection {ConnectionId} could not be closed.")]
    private partial void LogNotClosed(string connectionId, Exception exception);
}
