using System.Globalization;
using Presence.Benchmarks.Peers;

namespace Presence.Benchmarks.Broadcast;

/// <summary>A bare socket.io server, and its clients in a process of their own.</summary>
internal sealed class SocketIoBroadcast : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PeerProcess _server;
    private readonly PeerProcess _clients;

    private SocketIoBroadcast(PeerProcess server, PeerProcess clients) => (_server, _clients) = (server, clients);

    /// <exception cref="PeerMissingException">It is not to be had here.</exception>
    public static async Task<SocketIoBroadcast> StartAsync(int clients, CancellationToken cancellationToken)
    {
        var folder = await NodePackages.EnsureAsync(Path.Combine("Peers", "socket.io"), cancellationToken);
        var node = NodePackages.Node;
        var server = PeerProcess.Start(null, node, Path.Combine(folder, "server.mjs"));
        PeerProcess? listening = null;
        try
        {
            var port = await LineAsync(server, cancellationToken);
            listening = PeerProcess.Start(null, node, Path.Combine(folder, "clients.mjs"), port, $"{clients}");
            await LineAsync(listening, cancellationToken);
            return new(server, listening);
        }
        catch
        {
            await (listening?.DisposeAsync() ?? ValueTask.CompletedTask);
            await server.DisposeAsync();
            throw;
        }
    }

    public async Task<Reach> RoundAsync(CancellationToken cancellationToken)
    {
        await _clients.Input.WriteLineAsync("once more");
        await _clients.Input.FlushAsync(cancellationToken);
        var times = (await LineAsync(_clients, cancellationToken)).Split(' ');
        return new(double.Parse(times[0], CultureInfo.InvariantCulture), double.Parse(times[1], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        await _clients.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static async Task<string> LineAsync(PeerProcess process, CancellationToken cancellationToken)
    {
        try
        {
            return await process.Output.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Patience, TimeProvider.System, cancellationToken)
                ?? throw new PeerMissingException("socket.io ended while it ran");
        }
        catch (TimeoutException e)
        {
            throw new PeerMissingException($"socket.io said nothing within {Patience.TotalSeconds:0} s", e);
        }
    }
}
