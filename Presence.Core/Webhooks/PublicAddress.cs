using System.Net;
using System.Net.Sockets;

namespace Presence.Core.Webhooks;

/// <summary>
/// Which addresses are of the public internet. All others are refused: what answers there trusts whoever reaches it, such as the metadata service of
/// a cloud. From the registries of special-purpose addresses of IANA (RFC 6890 and what updates it).
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] Special4 =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/4"),
        IPNetwork.Parse("240.0.0.0/4"),

        // Of the public range, but in Azure the platform itself: DNS, health and the agents of virtual machines.
        IPNetwork.Parse("168.63.129.16/32"),
    ];

    /// <summary>All that is given out of IPv6 for use over the internet.</summary>
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] Special6 =
    [
        // Protocol assignments, with Teredo and ORCHID among them.
        IPNetwork.Parse("2001::/23"),
        IPNetwork.Parse("2001:db8::/32"),
        IPNetwork.Parse("3fff::/20"),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>Whether an address is public. One that carries an address of IPv4 is what that one is.</summary>
    public static bool IsPublic(IPAddress address) => address.IsIPv4MappedToIPv6 ? IsPublic(address.MapToIPv4()) : address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !Array.Exists(Special4, network => network.Contains(address)),
        AddressFamily.InterNetworkV6 when Nat64.Contains(address) => IsPublic(Embedded(address, 12)),
        AddressFamily.InterNetworkV6 when SixToFour.Contains(address) => IsPublic(Embedded(address, 2)),
        AddressFamily.InterNetworkV6 => Global6.Contains(address) && !Array.Exists(Special6, network => network.Contains(address)),
        _ => false,
    };

    private static IPAddress Embedded(IPAddress address, int at) => new(address.GetAddressBytes().AsSpan(at, 4));
}
