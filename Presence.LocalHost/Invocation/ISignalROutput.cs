using Microsoft.Azure.Functions.Worker;

namespace Presence.LocalHost.Invocation;

/// <summary>Where the SignalR outputs of functions go. A call that fails throws.</summary>
internal interface ISignalROutput
{
    ValueTask SendAsync(string hub, SignalRMessageAction message, CancellationToken cancellationToken);

    ValueTask ApplyAsync(string hub, SignalRGroupAction action, CancellationToken cancellationToken);
}
