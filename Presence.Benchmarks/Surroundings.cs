using Microsoft.Extensions.Logging.Abstractions;
using Presence.Benchmarks.Peers;
using Presence.LocalHost.Azurite;
using Presence.LocalHost.SignalR;

namespace Presence.Benchmarks;

/// <summary>
/// What measurements share: each part is started when the first asks for it, and stopped after the last. Crowds, loads and broadcasts wait by the
/// machine's clock, because hosts and peers are processes of their own, whom no other clock reaches; counts go by a clock that their owner moves.
/// </summary>
internal sealed class Surroundings(TextWriter progress) : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = new();
    private Task<AzuriteServer>? _azurite;
    private Task<SignalREmulator>? _signalR;
    private Task<Redis>? _redis;
    private Task<Postgres>? _postgres;

    public void Say(string what) => progress.WriteLine(what);

    /// <summary>The connection string of an Azurite.</summary>
    public async Task<string> StorageAsync(CancellationToken cancellationToken) => (await (_azurite ??=
        KeepAsync(AzuriteServer.StartAsync(new() { Port = 0 }, NullLogger<AzuriteServer>.Instance, cancellationToken)))).ConnectionString;

    /// <summary>The connection string of a SignalR Service that tells nobody of its connections.</summary>
    public async Task<string> SignalRAsync(CancellationToken cancellationToken) =>
        (await (_signalR ??= KeepAsync(SignalREmulator.StartAsync(new(), NullLoggerFactory.Instance, cancellationToken)))).ConnectionString;

    /// <exception cref="PeerMissingException">It is not to be had here.</exception>
    public Task<Redis> RedisAsync(CancellationToken cancellationToken) => _redis ??= KeepAsync(Redis.StartAsync(cancellationToken));

    /// <exception cref="PeerMissingException">It is not to be had here.</exception>
    public Task<Postgres> PostgresAsync(CancellationToken cancellationToken) => _postgres ??= KeepAsync(Postgres.StartAsync(cancellationToken));

    /// <summary>In reverse order.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task<T> KeepAsync<T>(Task<T> starting)
        where T : IAsyncDisposable
    {
        var part = await starting;
        _parts.Push(part);
        return part;
    }
}
