using System.Net;

namespace Presence.LocalHost.Development;

/// <summary>
/// Tells requests of this machine from others. What a proxy on this machine passes on comes from somewhere else, and so may a page that
/// reaches this host under a name of its own, for which the browser knows this machine's address.
/// </summary>
internal static class FromHere
{
    private static readonly string[] MarksOfProxies = ["Forwarded", "Via", "X-Original-Host"];

    private const string MarkOfProxies = "X-Forwarded-";

    public static bool Is(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && IsLoopback(context.Request.Host)
        && !context.Request.Headers.Any(header => IsMarkOfProxy(header.Key));

    private static bool IsLoopback(HostString host) =>
        host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Host, out var address) && IPAddress.IsLoopback(address);

    private static bool IsMarkOfProxy(string header) =>
        header.StartsWith(MarkOfProxies, StringComparison.OrdinalIgnoreCase) || MarksOfProxies.Contains(header, StringComparer.OrdinalIgnoreCase);
}
