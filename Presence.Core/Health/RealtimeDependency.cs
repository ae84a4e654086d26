using Presence.Core.Ports;

namespace Presence.Core.Health;

/// <summary>The SignalR service: asked for a connection that does not exist.</summary>
internal sealed class RealtimeDependency(IRealtimeService realtime) : IDependency
{
    public string Name => "signalr";

    public async Task AskAsync(CancellationToken cancellationToken) => await realtime.ConnectionExistsAsync("no-such-connection", cancellationToken);
}
