using System.Net;
using System.Net.Sockets;

namespace Presence.Core.Webhooks;

/// <summary>A name leads to no address that may be asked.</summary>
internal sealed class AddressNotAllowedException() : IOException("The name leads to no public address.");

/// <summary>
/// Connects to public addresses alone. The address that is looked at is the one that is connected to, so that a name that leads elsewhere the second
/// time gets nobody further.
/// </summary>
/// <param name="resolve">The addresses of a name.</param>
internal sealed class PublicConnections(Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>By the names of this machine's resolver.</summary>
    public static PublicConnections OfSystem { get; } = new(Dns.GetHostAddressesAsync);

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="AddressNotAllowedException">None of the addresses is public.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = Array.FindAll(await resolve(host, cancellationToken), PublicAddress.IsPublic);
        if (addresses.Length == 0)
        {
            throw new AddressNotAllowedException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
