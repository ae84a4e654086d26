using System.Net.WebSockets;

namespace Presence.Benchmarks.Clients;

/// <summary>
/// A client's connection to SignalR Service with as little around it as can be, so that a thousand of them do not measure themselves: the JSON
/// protocol over a WebSocket.
/// </summary>
internal sealed class LeanConnection : IAsyncDisposable
{
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(10);

    private readonly ClientWebSocket _socket;
    private readonly Action<ReadOnlyMemory<byte>> _hear;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private readonly Task _pinging;

    private LeanConnection(ClientWebSocket socket, Action<ReadOnlyMemory<byte>> hear)
    {
        (_socket, _hear) = (socket, hear);
        _reading = ReadAsync();
        _pinging = PingAsync();
    }

    /// <summary>What has come, in bytes.</summary>
    public long Received { get; private set; }

    /// <summary>Ends with the connection.</summary>
    public Task Closed => _reading;

    /// <param name="url">Where a client connects, as negotiation told it.</param>
    /// <param name="accessToken">With what.</param>
    /// <param name="hear">Called for each call of a client method, one after the other, with the message as it came.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<LeanConnection> ConnectAsync(
        string url, string accessToken, Action<ReadOnlyMemory<byte>> hear, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.SetRequestHeader("Authorization", $"Bearer {accessToken}");
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            var scheme = url.StartsWith("https", StringComparison.Ordinal) ? "wss" : "ws";
            await socket.ConnectAsync(new UriBuilder(url) { Scheme = scheme }.Uri, cancellationToken);
            await socket.SendAsync(SignalRFrames.Handshake, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            return new(socket, hear);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_reading, _pinging);
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        await Task.Yield();
        var buffer = new byte[4_096];
        var length = 0;
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var came = await _socket.ReceiveAsync(buffer.AsMemory(length), _stop.Token);
                if (came.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                (length, Received) = (length + came.Count, Received + came.Count);
                if (came.EndOfMessage)
                {
                    SignalRFrames.ForEachCall(buffer.AsMemory(0, length), _hear);
                    length = 0;
                }
                else if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // However it ends, it has ended.
        }
    }

    private async Task PingAsync()
    {
        using var timer = new PeriodicTimer(PingEvery, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token) && !_reading.IsCompleted)
            {
                await _socket.SendAsync(SignalRFrames.Ping, WebSocketMessageType.Text, endOfMessage: true, _stop.Token);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The reader tells that it has ended.
        }
    }
}
