

namespace Presence.Core.Domain;

/// <summary>
/// A user's id at the SignalR service. It travels in headers and URLs, so that everything but ASCII letters, digits and <c>-._~</c> is
/// percent-encoded (RFC 3986), each part by itself: the <c>anon:</c> in front stays. So are the dots of an id that is a dot segment: URLs lose
/// those, and what is asked of one user would be asked of all.
/// </summary>
public static class SignalRUserId
{
    /// <summary>The id of a user.</summary>
    public static string Of(PresenceKey user) =>
        (user.IsAnonymous ? PresenceKey.AnonymousPrefix : "")
        + (user.Id is "." or ".." ? user.Id.Replace(".", "%2E", StringComparison.Ordinal) : Uri.EscapeDataString(user.Id));

    /// <summary>The user of an id.</summary>
    /// <exception cref="InvalidInputException">It is no id of ours.</exception>
    public static PresenceKey Parse(string id) => id.StartsWith(PresenceKey.AnonymousPrefix, StringComparison.Ordinal)
        ? PresenceKey.Anonymous(Uri.UnescapeDataString(id[PresenceKey.AnonymousPrefix.Length..]))
        : PresenceKey.Registered(Uri.UnescapeDataString(id));
}
