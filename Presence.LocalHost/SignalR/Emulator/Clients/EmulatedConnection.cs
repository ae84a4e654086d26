using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Presence.LocalHost.SignalR;

/// <summary>One live connection of a client: where to write to it, and its place in its hub.</summary>
internal sealed class EmulatedConnection(
    HubConnectionContext context, ClientDetails client, EmulatedHub hub, SignalREmulatorOptions options)
{
    public string Id => Client.ConnectionId;

    public ClientDetails Client => client;

    public required UpstreamQueue Events { get; init; }

    /// <summary>Belongs to the hub, which guards it.</summary>
    public HashSet<string> Groups { get; } = new(StringComparer.Ordinal);

    public static EmulatedConnection Of(IDictionary<object, object?> items) => (EmulatedConnection)items[typeof(EmulatedConnection)]!;

    public void Join()
    {
        context.Items[typeof(EmulatedConnection)] = this;
        hub.Add(this);
    }

    public void Leave() => hub.Remove(this);

    // Not awaited: a sender gets its 202 whatever this client's network does. The context keeps the order of the writes and aborts
    // the connection when one fails.
    public void Send(SerializedHubMessage message) => _ = context.WriteAsync(message).AsTask();

    public void Complete(CompletionMessage message) => _ = context.WriteAsync(message).AsTask();

    /// <summary>Tells the client to go, as the service does: with a reason, and free to reconnect. One that stays is cut off.</summary>
    public void Close(string? reason)
    {
        Leave();
        _ = CloseAsync(reason);
    }

    /// <summary>Ends it at once, without waiting for the client.</summary>
    public void Cut()
    {
        Leave();

        // The socket first, so that the client is rarely told to close: it has lost its network, as far as it can tell.
        context.GetHttpContext()?.Abort();
        context.Abort();
    }

    /// <summary>When its token asks for that. Its client is free to reconnect, and needs another token then.</summary>
    public void EndWithItsToken()
    {
        if (TokenExpiry.Of(context.User) is { } expiry)
        {
            _ = CloseAtAsync(expiry);
        }
    }

    private async Task CloseAtAsync(DateTimeOffset expiry)
    {
        if (await TokenExpiry.ReachedAsync(expiry, options.TimeProvider, context.ConnectionAborted))
        {
            Close(reason: null);
        }
    }

    private async Task CloseAsync(string? reason)
    {
        await context.WriteAsync(new CloseMessage(string.IsNullOrEmpty(reason) ? null : reason, allowReconnect: true));

        // Aborting at once would make SignalR add a second close message, which tells clients not to reconnect.
        await Task.Delay(options.CloseGrace, options.TimeProvider, context.ConnectionAborted)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }
}
