using System.Runtime.InteropServices;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Presence.AspNetCore;

/// <summary>Whose a request is.</summary>
internal sealed class RequestUser(PresenceActivityOptions options)
{
    private const string ActivityHeader = "Presence-Activity";

    private const string GuestPrefix = "anon:";

    /// <summary>The user id; null where nobody is authenticated, or the request is no sign of activity.</summary>
    public string? Of(HttpContext context)
    {
        if (!IsAuthenticated(context.User) || IsPassive(context.Request))
        {
            return null;
        }

        // A token must not speak for a guest: those have ids that no registered user may have.
        return options.GetUserId is { } get ? get(context)
            : IdOf(context.User) is { } id && !id.StartsWith(GuestPrefix, StringComparison.Ordinal) ? id
            : null;
    }

    private static bool IsAuthenticated(ClaimsPrincipal user)
    {
        foreach (var identity in IdentitiesOf(user))
        {
            if (identity.IsAuthenticated)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of the first identity that is authenticated and says.</summary>
    private string? IdOf(ClaimsPrincipal user)
    {
        foreach (var identity in IdentitiesOf(user))
        {
            if (identity.IsAuthenticated && IdOf(identity) is { } id)
            {
                return id;
            }
        }

        return null;
    }

    /// <summary>To be walked without memory for the walk, where they are a list, as they are in the framework's own type.</summary>
    private static ReadOnlySpan<ClaimsIdentity> IdentitiesOf(ClaimsPrincipal user) =>
        user.Identities is List<ClaimsIdentity> list ? CollectionsMarshal.AsSpan(list) : user.Identities.ToArray();

    private string? IdOf(ClaimsIdentity identity) => options.UserIdClaim is { } claim
        ? Find(identity, claim)
        : Find(identity, "sub") ?? Find(identity, ClaimTypes.NameIdentifier);

    /// <summary>As <see cref="ClaimsIdentity.FindFirst(string)"/> does, but without memory for the walk, where the claims are a list.</summary>
    private static string? Find(ClaimsIdentity identity, string type)
    {
        if (identity.Claims is not List<Claim> claims)
        {
            return identity.FindFirst(type)?.Value;
        }

        for (var i = 0; i < claims.Count; i++)
        {
            if (string.Equals(claims[i].Type, type, StringComparison.OrdinalIgnoreCase))
            {
                return claims[i].Value;
            }
        }

        return null;
    }

    private static bool IsPassive(HttpRequest request) =>
        request.Headers.TryGetValue(ActivityHeader, out var value) && value.Count == 1 && string.Equals(value[0], "passive", StringComparison.OrdinalIgnoreCase);
}
