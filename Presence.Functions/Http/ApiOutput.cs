using Microsoft.Azure.Functions.Worker;

namespace Presence.Functions.Http;

/// <summary>An answer to a caller, and what is told to others because of the call.</summary>
public sealed class ApiOutput
{
    /// <summary>The answer.</summary>
    [HttpResult]
    public required IResult Response { get; init; }

    /// <summary>Messages, carried out one after the other; see <see cref="EventOutput.SignalR"/>.</summary>
    [SignalROutput(HubName = PresenceHub.Name)]
    public object[] SignalR { get; init; } = [];
}
