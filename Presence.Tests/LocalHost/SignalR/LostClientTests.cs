using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http.Connections;
using Presence.LocalHost.SignalR;
using static Presence.Tests.LocalHost.SignalR.EmulatorHarness;

namespace Presence.Tests.LocalHost.SignalR;

public class LostClientTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task AKilledWebSocketClientIsNoticedByItsReset()
    {
        await using var harness = await StartAsync();
        Socket? wire = null;
        var ann = await harness.ConnectAsync("ann", configure: options => options.WebSocketFactory = async (context, cancellationToken) =>
        {
            using var invoker = new HttpMessageInvoker(new SocketsHttpHandler
            {
                ConnectCallback = async (target, cancel) =>
                {
                    wire = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await wire.ConnectAsync(target.DnsEndPoint, cancel);
                    return new NetworkStream(wire, ownsSocket: true);
                },
            }, disposeHandler: false);
            var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("Authorization", $"Bearer {await context.Options.AccessTokenProvider!()}");
            await socket.ConnectAsync(context.Uri, invoker, cancellationToken);
            return socket;
        });
        var id = ann.Id;

        // A close with no time to linger resets the connection, as the end of a killed process does.
        wire!.LingerState = new LingerOption(enable: true, seconds: 0);
        wire.Close();

        var last = await harness.Application.Events.NextAsync();
        Assert.Equal((id, "disconnected"), (last.ConnectionId, last.Event));
    }

    [Fact]
    public async Task ASilentClientIsNoticedByTheTimeout()
    {
        await using var harness = await StartAsync(new() { ClientTimeout = Soon });

        using var socket = await ConnectRawAsync(harness);

        Assert.Equal("connected", (await harness.Application.Events.NextAsync()).Event);
        Assert.Equal("disconnected", (await harness.Application.Events.NextAsync()).Event);
    }

    [Fact]
    public async Task AClientThatIgnoresBeingClosedIsCutOff()
    {
        await using var harness = await StartAsync(new() { CloseGrace = TimeSpan.FromMilliseconds(1) });
        using var socket = await ConnectRawAsync(harness);
        var connected = await harness.Application.Events.NextAsync();

        await harness.Service.CloseConnectionAsync(TestHub, connected.ConnectionId, "enough", TestContext.Current.CancellationToken);

        Assert.Equal("disconnected", (await harness.Application.Events.NextAsync()).Event);
    }

    [Fact]
    public async Task ALongPollingClientThatStopsPollingIsNoticedByTheTimeout()
    {
        await using var harness = await StartAsync(new() { ClientTimeout = Soon });
        using var cut = new CancellationTokenSource();
        await harness.ConnectAsync("ann", transport: HttpTransportType.LongPolling, configure: options =>
            options.HttpMessageHandlerFactory = inner => new CuttableHandler(inner, cut.Token));

        await cut.CancelAsync();

        Assert.Equal("disconnected", (await harness.Application.Events.NextAsync()).Event);
    }

    internal static async Task<ClientWebSocket> ConnectRawAsync(EmulatorHarness harness, SignalRNegotiation? negotiation = null)
    {
        var socket = new ClientWebSocket();
        var (url, token) = negotiation ?? harness.Service.Negotiate(TestHub, "ann");
        await socket.ConnectAsync(
            new Uri($"{url.Replace("http:", "ws:", StringComparison.Ordinal)}&access_token={token}"),
            TestContext.Current.CancellationToken);

        // SignalR minds the silence of clients that have pinged once, as the official ones do.
        await socket.SendAsync(
            Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e{\"type\":6}\u001e"), WebSocketMessageType.Text,
            endOfMessage: true, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>All that the socket is sent up to SignalR's close message.</summary>
    internal static async Task<string> ReadUntilCloseAsync(ClientWebSocket socket)
    {
        var text = "";
        var buffer = new byte[4096];
        while (!text.Contains("\"type\":7", StringComparison.Ordinal))
        {
            var part = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).InTime();
            text += Encoding.UTF8.GetString(buffer, 0, part.Count);
        }

        return text;
    }

    private sealed class CuttableHandler(HttpMessageHandler inner, CancellationToken cut) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cut);
            return await base.SendAsync(request, either.Token);
        }
    }
}
