using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Presence.Core.Callers;

/// <summary>An authority's issuer and keys, as fetched once.</summary>
internal sealed class AuthorityKeySet
{
    private readonly (JsonWebKey Published, SecurityKey Key)[] _keys;

    /// <param name="configuration">The documents.</param>
    /// <param name="fetch">Which fetch brought them.</param>
    /// <exception cref="InvalidDataException">Nothing can be checked by these.</exception>
    public AuthorityKeySet(OpenIdConnectConfiguration configuration, int fetch)
    {
        _keys = [.. (configuration.JsonWebKeySet?.Keys ?? []).SelectMany(published => SigningKeys(published).Select(key => (published, key)))];
        Issuer = configuration.Issuer;
        Fetch = fetch;
        if (_keys.Length == 0)
        {
            throw new InvalidDataException("The authority names no key for signatures.");
        }
    }

    /// <summary>The issuer that the discovery document names.</summary>
    public string? Issuer { get; }

    /// <summary>Which fetch brought it: 1 for the first, and so on.</summary>
    public int Fetch { get; }

    /// <summary>
    /// The keys by which a token may have been signed. Several may share an id (RFC 7517, 4.5), and a key or a token may have none; a key
    /// that names its algorithm is for no other.
    /// </summary>
    public IEnumerable<SecurityKey> For(string? keyId, string? algorithm) => _keys
        .Where(k => string.IsNullOrEmpty(keyId) || string.IsNullOrEmpty(k.Published.Kid) || k.Published.Kid == keyId)
        .Where(k => string.IsNullOrEmpty(k.Published.Alg) || k.Published.Alg == algorithm)
        .Select(k => k.Key);

    private static IList<SecurityKey> SigningKeys(JsonWebKey published)
    {
        var alone = new JsonWebKeySet();
        alone.Keys.Add(published);
        return alone.GetSigningKeys();
    }
}
