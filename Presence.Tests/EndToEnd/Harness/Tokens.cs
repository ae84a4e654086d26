using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>Makes bearer tokens, good and bad.</summary>
internal sealed class Tokens(string signingKey, string audience)
{
    private readonly SigningCredentials _credentials =
        new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(signingKey)), SecurityAlgorithms.HmacSha256);

    public string For(string userId) => For(userId, TimeProvider.System.GetUtcNow());

    /// <summary>A token issued at the moment given; null does not say when.</summary>
    public string For(string userId, DateTimeOffset? issuedAt, TimeSpan? lifetime = null) =>
        Create(userId, audience, lifetime ?? TimeSpan.FromHours(1), _credentials, issuedAt);

    public string Expired(string userId) => Create(userId, audience, TimeSpan.FromHours(-1), _credentials);

    public string ForAnotherAudience(string userId) => Create(userId, audience + "-of-another", TimeSpan.FromHours(1), _credentials);

    public string Unsigned(string userId) => Create(userId, audience, TimeSpan.FromHours(1), credentials: null);

    /// <summary>A good token whose claims are then those of another user.</summary>
    public string Tampered(string userId, string otherUserId)
    {
        var good = For(userId).Split('.');
        return $"{good[0]}.{For(otherUserId).Split('.')[1]}.{good[2]}";
    }

    /// <summary>A token rightly signed, of any header and any claims beside the audience and the expiry.</summary>
    public string Signed(string claims, string header = """{"alg":"HS256"}""", string audienceEnd = "")
    {
        var expires = (TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1)).ToUnixTimeSeconds();
        var payload = $$"""{"aud":"{{audience}}{{audienceEnd}}","exp":{{expires}},{{claims}}}""";
        var signed = $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(payload)}";
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(signingKey), Encoding.ASCII.GetBytes(signed));
        return $"{signed}.{Base64UrlEncoder.Encode(signature)}";
    }

    private static string Create(
        string userId, string audience, TimeSpan lifetime, SigningCredentials? credentials, DateTimeOffset? issuedAt = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Audience = audience,
            Claims = new Dictionary<string, object> { ["sub"] = userId },
            IssuedAt = issuedAt?.UtcDateTime,
            Expires = (TimeProvider.System.GetUtcNow() + lifetime).UtcDateTime,
            SigningCredentials = credentials,
        });
}
