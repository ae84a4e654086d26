using Microsoft.AspNetCore.SignalR;

namespace Presence.LocalHost.SignalR;

/// <summary>Puts each connection into its emulated hub before SignalR runs the hub's own events, and out at the very end.</summary>
internal sealed class ConnectionTracking(
    EmulatedHubs hubs, UpstreamQueues queues, SignalREmulatorOptions options, ILogger<DefaultHubLifetimeManager<EmulatorHub>> logger)
    : DefaultHubLifetimeManager<EmulatorHub>(logger)
{
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        var client = ClientDetails.Of(connection);
        var tracked = new EmulatedConnection(connection, client, hubs.Get(client.Hub), options) { Events = queues.Open() };
        tracked.Events.Answered += (invocation, reply) => tracked.Complete(reply.ToCompletion(invocation));
        tracked.Join();
        tracked.EndWithItsToken();
        return base.OnConnectedAsync(connection);
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        var tracked = EmulatedConnection.Of(connection.Items);
        tracked.Leave();
        tracked.Events.Close();
        return base.OnDisconnectedAsync(connection);
    }
}
