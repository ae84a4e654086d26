using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Presence.Tests.Core.Callers;

/// <summary>Tokens that hold unless a test changes something.</summary>
internal static class Tokens
{
    /// <summary>The claims that every token must have, as JSON members, from the start of the tests' clock.</summary>
    public const string Claims = """ "sub":"alice","aud":"presence-tests","exp":1893499500 """;

    public static string Create(
        DateTimeOffset now, Action<SecurityTokenDescriptor>? change = null, string key = Some.SigningKey, string algorithm = SecurityAlgorithms.HmacSha256)
    {
        var descriptor = new SecurityTokenDescriptor
        {
            Audience = Some.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = now.UtcDateTime + TimeSpan.FromMinutes(5),
            Claims = new Dictionary<string, object> { ["sub"] = "alice" },
            SigningCredentials = new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key)), algorithm),
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    /// <summary>A token rightly signed, of any header and payload whatever.</summary>
    public static string Signed(string payload, string header = """{"alg":"HS256"}""") =>
        Signed(Encoding.UTF8.GetBytes(payload), Encoding.UTF8.GetBytes(header));

    public static string Signed(byte[] payload, byte[] header)
    {
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Some.SigningKey), Encoding.UTF8.GetBytes(signed));
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }
}
