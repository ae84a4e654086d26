using Microsoft.Extensions.Logging.Abstractions;
using Presence.Chaos.Clients;
using Presence.Chaos.Faults;
using Presence.Chaos.Judgement;
using Presence.Chaos.Network;
using Presence.Chaos.Processes;
using Presence.LocalHost.Azurite;
using Presence.LocalHost.Invocation.Upstream;
using Presence.LocalHost.SignalR;

namespace Presence.Chaos;

/// <summary>
/// The system under attack: local hosts behind a load balancer, one storage behind a forwarder, one SignalR Service. And beside it the
/// observer, and a receiver of webhooks behind a forwarder.
/// </summary>
internal sealed class ChaosSystem : IAsyncDisposable
{
    private static readonly TimeSpan StoragePatience = TimeSpan.FromSeconds(30);

    // As long as a client waits at most, so that one which was let wait comes again.
    private static readonly TimeSpan HostPatience = TimeSpan.FromSeconds(10);

    // Longer than a host waits for a receiver.
    private static readonly TimeSpan ReceiverPatience = TimeSpan.FromSeconds(15);

    private readonly Stack<object> _parts = new();

    private ChaosSystem()
    {
    }

    public Fleet Fleet { get; private set; } = null!;

    public Observer Observer { get; private set; } = null!;

    /// <summary>Where clients call.</summary>
    public Uri Address { get; private set; } = null!;

    public WebhookReceiver Receiver { get; private set; } = null!;

    /// <summary>Where hosts reach the receiver.</summary>
    public Uri ReceiverAddress { get; private set; } = null!;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    public static async Task<ChaosSystem> StartAsync(ChaosArguments arguments, ActiveFaults faults, Journal journal, CancellationToken cancellationToken)
    {
        var system = new ChaosSystem();
        try
        {
            await system.StartPartsAsync(arguments, faults, journal, cancellationToken);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
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

        Http.Dispose();
    }

    private async Task StartPartsAsync(ChaosArguments arguments, ActiveFaults faults, Journal journal, CancellationToken cancellationToken)
    {
        var azurite = Keep(await AzuriteServer.StartAsync(new() { Port = 0 }, NullLogger<AzuriteServer>.Instance, cancellationToken));
        var storage = Keep(await Forwarder.StartAsync(StoragePatience, () => [azurite.TableEndpoint], faults.OfStorage));
        var balancer = Keep(await Forwarder.StartAsync(HostPatience, () => Fleet?.Addresses() ?? [], () => null));
        Address = balancer.Address;
        var emulator = Keep(await SignalREmulator.StartAsync(
            new() { UpstreamUrl = new Uri(Address, UpstreamWebhook.Path).AbsoluteUri, Faults = faults.OfSignalR },
            NullLoggerFactory.Instance, cancellationToken));
        Receiver = Keep(await WebhookReceiver.StartAsync(journal));
        ReceiverAddress = Keep(await Forwarder.StartAsync(ReceiverPatience, () => [Receiver.Address], faults.OfReceiver)).Address;
        var settings = ChaosSettings.Of(Through(storage, azurite), emulator.ConnectionString);
        Fleet = Keep(new Fleet(arguments.Hosts, settings, arguments.Logs));
        await Fleet.StartAllAsync(cancellationToken);
        Observer = Keep(await Observer.StartAsync(
            ChaosSettings.Of(azurite.ConnectionString, emulator.ConnectionString), Http, cancellationToken));
    }

    private static string Through(Forwarder forwarder, AzuriteServer azurite)
    {
        var (from, to) = (azurite.TableEndpoint.GetLeftPart(UriPartial.Authority), forwarder.Address.GetLeftPart(UriPartial.Authority));
        return azurite.ConnectionString.Replace(from, to, StringComparison.Ordinal);
    }

    private T Keep<T>(T part)
        where T : notnull
    {
        _parts.Push(part);
        return part;
    }
}
