using Microsoft.AspNetCore.SignalR;

namespace Presence.LocalHost.SignalR;

/// <summary>Sends a message to those who are there; nobody being there is no error.</summary>
internal static class SendOperations
{
    public static ValueTask<RestAnswer> ToAllAsync(RestCall call) => SendAsync(call, call.Hub.All());

    public static ValueTask<RestAnswer> ToUserAsync(RestCall call) => SendAsync(call, call.Hub.OfUser(call.User));

    public static ValueTask<RestAnswer> ToGroupAsync(RestCall call) => SendAsync(call, call.Hub.InGroup(call.Group));

    public static ValueTask<RestAnswer> ToConnectionAsync(RestCall call) =>
        SendAsync(call, call.Hub.Find(call.ConnectionId) is { } connection ? [connection] : []);

    private static async ValueTask<RestAnswer> SendAsync(RestCall call, IReadOnlyCollection<EmulatedConnection> receivers)
    {
        if (await PayloadMessage.ReadAsync(call.Context.Request) is not { } message)
        {
            return RestAnswer.BadRequest("The body must be a JSON object with a target (text, not empty) and an array of arguments.");
        }

        // Serialized once for all receivers.
        var serialized = new SerializedHubMessage(message);
        foreach (var receiver in call.Remaining(receivers))
        {
            receiver.Send(serialized);
        }

        return RestAnswer.Accepted;
    }
}
