using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Presence.LocalHost.Development;

namespace Presence.Benchmarks.Clients;

/// <summary>Signs bearer tokens as an identity provider with a shared key does.</summary>
internal sealed class Tokens(string signingKey, string audience)
{
    private readonly SigningCredentials _key = new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(signingKey)), SecurityAlgorithms.HmacSha256);

    /// <summary>Those that a local host trusts unless its settings say otherwise.</summary>
    public static Tokens ForDevelopment { get; } = new(DevelopmentCredentials.SigningKey, DevelopmentCredentials.Audience);

    public string For(string user, DateTimeOffset now) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Audience = audience,
            Claims = new Dictionary<string, object> { ["sub"] = user },
            IssuedAt = now.UtcDateTime,
            Expires = now.AddDays(2).UtcDateTime,
            SigningCredentials = _key,
        });
}
