using System.Security.Claims;

namespace Presence.LocalHost.SignalR;

/// <summary>Claim names that SignalR Service gives a meaning to in client access tokens.</summary>
internal static class SignalRClaims
{
    /// <summary>The user id, as the official SDK writes it.</summary>
    public const string UserId = "asrs.s.uid";

    /// <summary>"true" when the service must close the connection at <see cref="AuthenticationExpiresOn"/>.</summary>
    public const string CloseOnAuthenticationExpiration = "asrs.s.coae";

    /// <summary>When what the client proved itself with expires, in seconds since 1970.</summary>
    public const string AuthenticationExpiresOn = "asrs.s.aeo";

    /// <summary>Claims with this prefix steer the service and are not the user's.</summary>
    public const string SystemPrefix = "asrs.s.";

    /// <summary>Marks a user's claim whose own name is one the token itself uses.</summary>
    public const string UserPrefix = "asrs.u.";

    /// <summary>Where the user id may stand, first found wins: the SDK's claim, then those of tokens made by hand.</summary>
    public static readonly IReadOnlyList<string> UserIdNames = [UserId, "nameid", "sub", ClaimTypes.NameIdentifier];

    /// <summary>The names that belong to the token; a user's claim of such a name travels under <see cref="UserPrefix"/>.</summary>
    public static readonly IReadOnlySet<string> TokenNames = new HashSet<string>(StringComparer.Ordinal)
    {
        "aud", "exp", "iat", "nbf", "iss", "actort", "acr", "azp", "c_hash", "jti", "nonce",
    };
}
