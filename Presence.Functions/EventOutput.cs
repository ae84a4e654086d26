using Microsoft.Azure.Functions.Worker;

namespace Presence.Functions;

/// <summary>What is told to others because of an event.</summary>
public sealed class EventOutput
{
    /// <summary>
    /// Messages and group actions, carried out one after the other. One property for both kinds: a host works on several at once. The news
    /// of the event stands first, so that nothing that fails later holds it back.
    /// </summary>
    [SignalROutput(HubName = PresenceHub.Name)]
    public object[] SignalR { get; init; } = [];
}
