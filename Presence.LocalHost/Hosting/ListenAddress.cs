using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Presence.LocalHost.Hosting;

/// <summary>The addresses that the local host listens on.</summary>
internal static class ListenAddress
{
    public const string Default = "http://127.0.0.1:7071";
    public const string AnyPort = "http://127.0.0.1:0";

    /// <exception cref="LocalHostStartException">An address is of no use.</exception>
    public static void Validate(string urls)
    {
        foreach (var url in urls.Split(';'))
        {
            if (!IsUsable(url))
            {
                throw new LocalHostStartException($"'{url}' is not an address to listen on; give one such as --urls {Default}");
            }
        }
    }

    /// <summary>Whether another program listens where one of these addresses is to be.</summary>
    public static bool IsInUse(string urls) =>
        urls.Split(';').Select(BindingAddress.Parse).Any(address => address.Port != 0 && IsInUse(address));

    /// <summary>The address under which this machine reaches what listens on <paramref name="bound"/>.</summary>
    public static Uri Reachable(string bound)
    {
        var address = BindingAddress.Parse(bound);
        var host = address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return new UriBuilder(address.Scheme, host, address.Port).Uri;
    }

    private static bool IsUsable(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address is { Scheme: "http", PathBase: "", IsUnixPipe: false, IsNamedPipe: false, Port: <= IPEndPoint.MaxPort }
                // Kestrel listens on two addresses for that name, so one free port for both cannot be asked for.
                && !(address.Port == 0 && address.Host == "localhost");
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsInUse(BindingAddress address)
    {
        var ip = IPAddress.TryParse(address.Host, out var given) ? given
            : address.Host == "localhost" ? IPAddress.Loopback
            : Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        try
        {
            using var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(new IPEndPoint(ip, address.Port));
            return false;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }
}
