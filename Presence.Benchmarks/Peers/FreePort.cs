using System.Net;
using System.Net.Sockets;

namespace Presence.Benchmarks.Peers;

/// <summary>A port of this machine that nobody has at the moment.</summary>
internal static class FreePort
{
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
