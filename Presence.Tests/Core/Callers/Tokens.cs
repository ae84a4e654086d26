using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Presence.Tests.Core.Callers;

/// <summary>Tokens that hold unless a test changes something.</summary>
internal static class Tokens
{
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
}
