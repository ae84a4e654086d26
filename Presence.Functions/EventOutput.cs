using Microsoft.Azure.Functions.Worker;

namespace Presence.Functions;

/// <summary>What is told to others because of an event.</summary>
public sealed class EventOutput
{
    /// <summary>The messages on the event itself. They go first: nothing that fails later may hold them back.</summary>
    [SignalROutput(HubName = PresenceHub.Name)]
    public SignalRMessageAction[] Messages { get; init; } = [];

    /// <summary>Who enters and leaves groups.</summary>
    [SignalROutput(HubName = PresenceHub.Name)]
    public SignalRGroupAction[] Groups { get; init; } = [];

    /// <summary>The messages to who has just entered: whatever happened before is in them, whatever happens later comes by the groups.</summary>
    [SignalROutput(HubName = PresenceHub.Name)]
    public SignalRMessageAction[] Snapshots { get; init; } = [];
}
