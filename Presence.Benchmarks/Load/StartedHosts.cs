using Microsoft.Extensions.Logging.Abstractions;
using Presence.Benchmarks.Clients;
using Presence.Chaos.Network;
using Presence.Chaos.Processes;
using Presence.LocalHost.Azurite;
using Presence.LocalHost.Invocation.Upstream;
using Presence.LocalHost.SignalR;

namespace Presence.Benchmarks.Load;

/// <summary>Local hosts that share one Azurite and one emulator, which tells of its connections by way of a load balancer.</summary>
internal sealed class StartedHosts : ILoadHosts, IAsyncDisposable
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(3);

    private readonly Stack<object> _parts = new();

    public Fleet Fleet { get; private set; } = null!;

    public int Count => Fleet.Count;

    public static async Task<StartedHosts> StartAsync(int count, string? logs, CancellationToken cancellationToken)
    {
        var hosts = new StartedHosts();
        try
        {
            var azurite = hosts.Keep(await AzuriteServer.StartAsync(new() { Port = 0 }, NullLogger<AzuriteServer>.Instance, cancellationToken));
            var balancer = hosts.Keep(await Forwarder.StartAsync(TimeSpan.FromSeconds(30), () => hosts.Fleet?.Addresses() ?? [], () => null));
            var signalR = hosts.Keep(await SignalREmulator.StartAsync(
                new() { UpstreamUrl = new Uri(balancer.Address, UpstreamWebhook.Path).AbsoluteUri }, NullLoggerFactory.Instance, cancellationToken));
            hosts.Fleet = hosts.Keep(new Fleet(count, LocalHosts.Settings(azurite.ConnectionString, signalR.ConnectionString), logs));
            await hosts.Fleet.StartAllAsync(cancellationToken);
            return hosts;
        }
        catch
        {
            await hosts.DisposeAsync();
            throw;
        }
    }

    public Uri? AddressOf(int host) => Fleet.HostOf(host)?.Address;

    public int? ProcessOf(int host) => Fleet.HostOf(host)?.Id;

    /// <summary>
    /// Kills one host after the other, each time one, and starts it again; but never the first, whose memory is to be seen over the whole time.
    /// </summary>
    public async Task RestartAsync(TimeSpan every, Kills kills, Tally tally, CancellationToken cancellationToken)
    {
        for (var turn = 0; ; turn++)
        {
            await Task.Delay(every, TimeProvider.System, cancellationToken);
            var host = 1 + (turn % (Count - 1));
            var now = TimeProvider.System.GetUtcNow();
            kills.Killed(host, now);
            tally.Kill(host, now);
            Fleet.Kill(host);
            await Task.Delay(Away, TimeProvider.System, cancellationToken);
            await Fleet.StartAsync(host, cancellationToken);
            kills.IsBack(host, TimeProvider.System.GetUtcNow());
        }
    }

    /// <summary>In reverse order.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            if (part is IAsyncDisposable later)
            {
                await later.DisposeAsync();
            }
            else
            {
                ((IDisposable)part).Dispose();
            }
        }
    }

    private T Keep<T>(T part)
        where T : notnull
    {
        _parts.Push(part);
        return part;
    }
}
