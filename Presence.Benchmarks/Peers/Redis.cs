using StackExchange.Redis;

namespace Presence.Benchmarks.Peers;

/// <summary>A Redis of its own, in memory.</summary>
internal sealed class Redis : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private Redis(PeerProcess process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    public int ProcessId => _process.Id;

    /// <exception cref="PeerMissingException">It is not to be had here.</exception>
    public static async Task<Redis> StartAsync(CancellationToken cancellationToken)
    {
        var program = await DebianPackage.FindAsync("redis-server", "/usr/bin", "redis-server", cancellationToken);
        var (port, directory) = (FreePort.Take(), Directory.CreateTempSubdirectory("presence-redis").FullName);
        var process = PeerProcess.Start(
            directory, program, "--bind", "127.0.0.1", "--port", $"{port}", "--save", "", "--appendonly", "no", "--dir", directory).WithoutOutput();
        try
        {
            var address = $"127.0.0.1:{port}";
            await process.ReadyAsync(
                async () =>
                {
                    await using var connection = await ConnectionMultiplexer.ConnectAsync(address);
                    await connection.GetDatabase().PingAsync();
                },
                cancellationToken);
            return new(process, address);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
