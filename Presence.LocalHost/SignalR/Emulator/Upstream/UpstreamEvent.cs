using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Presence.LocalHost.SignalR;

/// <summary>Something a client did that upstream is told: it connected, it left, or it called a hub method.</summary>
/// <param name="Client">Whose connection.</param>
/// <param name="Category">One of the categories below.</param>
/// <param name="Event">One of the events below, or the target of the call.</param>
/// <param name="Body">JSON.</param>
internal sealed record UpstreamEvent(ClientDetails Client, string Category, string Event, string Body)
{
    public const string ConnectionsCategory = "connections";
    public const string MessagesCategory = "messages";
    public const string ConnectedEvent = "connected";
    public const string DisconnectedEvent = "disconnected";

    // Message types of the service's serverless protocol, which continues SignalR's own numbering.
    private const int OpenConnectionType = 10;
    private const int CloseConnectionType = 11;

    /// <summary>Set when the client waits for the answer to its call.</summary>
    public string? InvocationId { get; init; }

    public bool IsConnected => Category == ConnectionsCategory && Event == ConnectedEvent;

    public bool IsDisconnected => Category == ConnectionsCategory && Event == DisconnectedEvent;

    public static UpstreamEvent Connected(ClientDetails client) =>
        new(client, ConnectionsCategory, ConnectedEvent, JsonSerializer.Serialize(new { type = OpenConnectionType }));

    public static UpstreamEvent Disconnected(ClientDetails client, string? error) =>
        new(client, ConnectionsCategory, DisconnectedEvent, JsonSerializer.Serialize(new { type = CloseConnectionType, error }));

    public static UpstreamEvent Message(ClientDetails client, ForwardedInvocation call)
    {
        using var arguments = JsonDocument.Parse(call.Arguments);
        var message = new Dictionary<string, object> { ["type"] = HubProtocolConstants.InvocationMessageType };
        if (call.InvocationId is { } id)
        {
            message["invocationId"] = id;
        }

        message["target"] = call.Target;
        message["arguments"] = arguments.RootElement;
        return new(client, MessagesCategory, call.Target, JsonSerializer.Serialize(message)) { InvocationId = call.InvocationId };
    }
}
