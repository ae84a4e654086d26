using System.Net;
using Presence.Core.Domain;

namespace Presence.Core.Webhooks;

/// <summary>What a webhook's URL may be. Where a name leads is seen only when something is sent: see <see cref="PublicConnections"/>.</summary>
public static class WebhookUrl
{
    /// <summary>The longest, in characters.</summary>
    public const int MaxLength = 2048;

    /// <summary>Reads one.</summary>
    /// <param name="text">As the backend wrote it.</param>
    /// <param name="mayBePrivate">Whether it may use http and name an address that is not public.</param>
    /// <param name="field">What it is called there.</param>
    /// <exception cref="InvalidInputException">It is none, or none that is allowed.</exception>
    public static Uri Parse(string? text, bool mayBePrivate, string field = "url")
    {
        if (text is not { Length: > 0 and <= MaxLength } || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            throw new InvalidInputException(field, $"must be an absolute URL of 1 to {MaxLength} characters");
        }

        if (url.Scheme != Uri.UriSchemeHttps && !(mayBePrivate && url.Scheme == Uri.UriSchemeHttp))
        {
            throw new InvalidInputException(field, mayBePrivate ? "must be an https or http URL" : "must be an https URL");
        }

        // Credentials in a URL end in logs; a receiver knows its sender by the signature.
        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            throw new InvalidInputException(field, "must have no user name, password or fragment");
        }

        return mayBePrivate || !IsPrivate(url) ? url : throw new InvalidInputException(field, "must not lead to an address that is not public");
    }

    /// <summary>Whether that shows by the host as it is written, which is told at once and not only by failed attempts.</summary>
    private static bool IsPrivate(Uri url) => url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
        ? !(IPAddress.TryParse(url.DnsSafeHost, out var address) && PublicAddress.IsPublic(address))
        : url.IsLoopback || $".{url.IdnHost.TrimEnd('.')}".EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
