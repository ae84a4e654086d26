using Microsoft.Azure.Functions.Worker;

namespace Presence.Functions.Http;

/// <summary>An answer to a caller, and what is told to others because of the call.</summary>
public sealed class ApiOutput
{
    /// <summary>The answer.</summary>
    [HttpResult]
    public required IResult Response { get; init; }

    /// <summary>The messages.</summary>
    [SignalROutput(HubName = PresenceHub.Name)]
    public SignalRMessageAction[] Messages { get; init; } = [];

    /// <summary>Who enters and leaves groups.</summary>
    [SignalROutput(HubName = PresenceHub.Name)]
    public SignalRGroupAction[] Groups { get; init; } = [];
}
