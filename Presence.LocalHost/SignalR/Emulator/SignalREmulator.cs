using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Presence.LocalHost.SignalR;

/// <summary>
/// Azure SignalR Service in serverless mode on this machine: clients connect under /client, the data-plane REST API is under /api,
/// and what clients do is posted upstream. For development and tests.
/// </summary>
internal sealed class SignalREmulator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly UpstreamTarget _upstream;

    private IEnumerable<EmulatedHub> Hubs => _app.Services.GetRequiredService<EmulatedHubs>().All;

    private SignalREmulator(WebApplication app, EmulatorAccessKey key)
    {
        _app = app;
        _upstream = app.Services.GetRequiredService<UpstreamTarget>();
        Endpoint = new Uri(app.Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        ConnectionString = $"Endpoint={Endpoint.GetLeftPart(UriPartial.Authority)};AccessKey={key.Value};Version=1.0;";
    }

    public Uri Endpoint { get; }

    /// <summary>What an application is given to use this emulator. Holds the access key.</summary>
    public string ConnectionString { get; }

    /// <summary>See <see cref="SignalREmulatorOptions.UpstreamUrl"/>; takes effect with the next attempt to deliver an event.</summary>
    public string? UpstreamUrl
    {
        get => _upstream.Template;
        set => _upstream.Template = value;
    }

    /// <exception cref="InvalidOperationException">The port cannot be used.</exception>
    public static async Task<SignalREmulator> StartAsync(
        SignalREmulatorOptions options, ILoggerFactory loggers, CancellationToken cancellationToken = default)
    {
        var key = EmulatorAccessKey.From(options.AccessKey);
        var app = EmulatorApplication.Build(options, key, loggers);
        try
        {
            await app.StartAsync(cancellationToken);
            return new SignalREmulator(app, key);
        }
        catch (Exception e)
        {
            await app.DisposeAsync();
            if (e is IOException { InnerException: AddressInUseException } or SocketException)
            {
                throw new InvalidOperationException(
                    $"The SignalR emulator cannot listen on {IPAddress.Loopback}:{options.Port}: the port is in use or not allowed.", e);
            }

            throw;
        }
    }

    /// <summary>Cuts all clients off, and refuses them and every call for so long; zero ends that.</summary>
    public void Refuse(TimeSpan duration)
    {
        _app.Services.GetRequiredService<EmulatorOutage>().LastFor(duration);
        if (duration > TimeSpan.Zero)
        {
            foreach (var connection in Hubs.SelectMany(hub => hub.All()))
            {
                connection.Cut();
            }
        }
    }

    /// <summary>Cuts a connection off at once, as a network does.</summary>
    /// <returns>Whether there was such a connection.</returns>
    public bool Cut(string connectionId)
    {
        var connection = Hubs.Select(hub => hub.Find(connectionId)).FirstOrDefault(found => found is not null);
        connection?.Cut();
        return connection is not null;
    }

    /// <summary>Disconnects all clients.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
