using System.Text.Json;
using Presence.Core.Domain;

namespace Presence.Core.Callers;

/// <summary>What a token says of itself. None of it can be trusted before the signature is checked.</summary>
/// <param name="Algorithm">How it is said to be signed.</param>
/// <param name="KeyId">With which key; null where the token does not say.</param>
/// <param name="User">Whose it is.</param>
/// <param name="IssuedAt">When it was issued, if it says so.</param>
/// <param name="NotBefore">From when it is good, if it says so.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
internal sealed record TokenClaims(
    string? Algorithm, string? KeyId, PresenceKey User, DateTimeOffset? IssuedAt, DateTimeOffset? NotBefore, DateTimeOffset ExpiresAt)
{
    private const string Expiry = "exp";

    /// <exception cref="UnauthenticatedException">The text is no JWT, or a claim is missing or not of its kind.</exception>
    public static TokenClaims Read(string token, string userIdClaim)
    {
        var (header, payload) = CompactToken.Read(token);
        // RFC 7515, 4.1.11: what must be understood and is not makes the token invalid. None of the extensions is known here.
        if (header.TryGetProperty("crit", out _))
        {
            throw new UnauthenticatedException("The token's header 'crit' asks for an extension that is not supported.");
        }

        ThrowIfNoAudience(payload);
        Text(payload, "iss");
        return new(
            Text(header, "alg"),
            Text(header, "kid"),
            UserOf(payload, userIdClaim),
            NumericDate.Read(payload, "iat") is { } issued ? NumericDate.Exactly(issued, "iat") : null,
            NumericDate.Read(payload, "nbf") is { } start ? NumericDate.Clamped(start) : null,
            NumericDate.Read(payload, Expiry) is { } end
                ? NumericDate.Clamped(end)
                : throw new UnauthenticatedException($"The token's claim '{Expiry}' is missing: a token must expire."));
    }

    private static PresenceKey UserOf(JsonElement payload, string claim)
    {
        try
        {
            return PresenceKey.Registered(Text(payload, claim), claim);
        }
        catch (InvalidInputException e)
        {
            throw new UnauthenticatedException($"The token's claim '{claim}' is no user id: {e.Message}.");
        }
    }

    private static void ThrowIfNoAudience(JsonElement payload)
    {
        if (payload.TryGetProperty("aud", out var audience)
            && audience.ValueKind != JsonValueKind.String
            && !(audience.ValueKind == JsonValueKind.Array && audience.EnumerateArray().All(a => a.ValueKind == JsonValueKind.String)))
        {
            throw new UnauthenticatedException("The token's claim 'aud' must be a string or an array of strings.");
        }
    }

    private static string? Text(JsonElement from, string name)
    {
        if (!from.TryGetProperty(name, out var value))
        {
            return null;
        }

        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : throw NoText(name);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, written as an escape.
            throw NoText(name);
        }
    }

    private static UnauthenticatedException NoText(string name) => new($"The token's '{name}' must be a string of valid Unicode text.");
}
