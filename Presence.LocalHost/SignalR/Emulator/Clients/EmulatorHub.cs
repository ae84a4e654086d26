using Microsoft.AspNetCore.SignalR;

namespace Presence.LocalHost.SignalR;

/// <summary>The one hub class behind every emulated hub: it turns what clients do into upstream events.</summary>
internal sealed class EmulatorHub : Hub
{
    private EmulatedConnection Connection => EmulatedConnection.Of(Context.Items);

    public override Task OnConnectedAsync()
    {
        Connection.Events.Enqueue(UpstreamEvent.Connected(Connection.Client));
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        // First out of the hub, so that nobody who heard of the end still finds the connection.
        Connection.Leave();
        Connection.Events.Enqueue(UpstreamEvent.Disconnected(Connection.Client, exception?.Message));
        return Task.CompletedTask;
    }

    /// <summary>Called through <see cref="ServerlessJsonProtocol"/> for every target.</summary>
    [HubMethodName(nameof(ForwardAsync))]
    public Task ForwardAsync(ForwardedInvocation invocation)
    {
        Connection.Events.Enqueue(UpstreamEvent.Message(Connection.Client, invocation));
        return Task.CompletedTask;
    }
}
