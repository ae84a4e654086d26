using Microsoft.Azure.Functions.Worker;

namespace Presence.Functions;

/// <summary>What is told to others because of an event.</summary>
public sealed class EventOutput
{
    /// <summary>
    /// Messages, carried out one after the other; none where functions send by themselves. The news of the event stands first, so that
    /// nothing that fails later holds it back.
    /// </summary>
    [SignalROutput(HubName = PresenceHub.Name)]
    public object[] SignalR { get; init; } = [];
}
