using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Presence.LocalHost.Development;

namespace Presence.Chaos.Clients;

/// <summary>Makes callers, each with its credentials.</summary>
internal sealed class Callers(HttpClient http, Uri server)
{
    private static readonly SigningCredentials Key =
        new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(DevelopmentCredentials.SigningKey)), SecurityAlgorithms.HmacSha256);

    /// <summary>The application's backend; the hosts ask it for no key.</summary>
    public Caller Backend => new(http, server);

    public Caller User(string user) => new(http, server, ("Authorization", $"Bearer {TokenOf(user)}"));

    public Caller Guest(string session) => new(http, server, ("X-Session-Token", session));

    private static string TokenOf(string user)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Audience = DevelopmentCredentials.Audience,
            Claims = new Dictionary<string, object> { ["sub"] = user },
            IssuedAt = now,
            Expires = now.AddDays(2),
            SigningCredentials = Key,
        });
    }
}
