using Microsoft.Azure.Functions.Worker;

namespace Presence.LocalHost.Invocation;

/// <summary>Fails each output of a host that has no SignalR Service.</summary>
internal sealed class MissingSignalROutput : ISignalROutput
{
    public ValueTask SendAsync(string hub, SignalRMessageAction message, CancellationToken cancellationToken) => throw Missing(hub);

    public ValueTask ApplyAsync(string hub, SignalRGroupAction action, CancellationToken cancellationToken) => throw Missing(hub);

    private static InvalidOperationException Missing(string hub) => new($"No SignalR Service is there to serve the hub '{hub}'.");
}
