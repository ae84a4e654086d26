namespace Presence.LocalHost.SignalR;

/// <summary>One REST call or upstream event, as those see it who decide what goes wrong with it.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="ConnectionId">The connection that it is about, if it names one.</param>
/// <param name="UserId">The user that it is about, if it names one.</param>
/// <param name="Group">The group that it is about, if it names one.</param>
internal sealed record EmulatedCall(EmulatedOperation Operation, string? ConnectionId, string? UserId, string? Group)
{
    public static EmulatedCall Of(RestRoute route, IReadOnlyDictionary<string, string> ids) => new(
        route.Operation, ids.GetValueOrDefault(RestRoute.ConnectionId), ids.GetValueOrDefault(RestRoute.User),
        ids.GetValueOrDefault(RestRoute.Group));

    public static EmulatedCall Of(UpstreamEvent upstreamEvent) => new(
        OperationOf(upstreamEvent), upstreamEvent.Client.ConnectionId, upstreamEvent.Client.UserId, Group: null);

    private static EmulatedOperation OperationOf(UpstreamEvent upstreamEvent) => upstreamEvent switch
    {
        { IsConnected: true } => EmulatedOperation.Connected,
        { IsDisconnected: true } => EmulatedOperation.Disconnected,
        _ => EmulatedOperation.Message,
    };
}
