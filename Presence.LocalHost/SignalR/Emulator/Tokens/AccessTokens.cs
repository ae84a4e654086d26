using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Presence.LocalHost.SignalR;

/// <summary>Checks bearer tokens: signed with HS256 under the access key, for the right audience, not expired.</summary>
internal sealed class AccessTokens(EmulatorAccessKey key, TimeProvider time)
{
    private const string Scheme = "Bearer ";

    private readonly JsonWebTokenHandler _handler = new();
    private readonly SymmetricSecurityKey _signingKey = new(key.Bytes);

    /// <summary>The token of a request; browsers cannot set a header for WebSockets and event streams, so the query counts too.</summary>
    public static string? Read(HttpRequest request, bool alsoFromQuery)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return header[Scheme.Length..].Trim();
        }

        return alsoFromQuery ? request.Query["access_token"].FirstOrDefault() : null;
    }

    /// <summary>Null when the token is not to be trusted.</summary>
    public async Task<ClaimsIdentity?> ValidateAsync(string? token, Func<string, bool> isRightAudience)
    {
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = _signingKey,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidateIssuer = false,
            AudienceValidator = (audiences, _, _) => audiences.Any(isRightAudience),
            LifetimeValidator = (_, expires, _, _) => expires > time.GetUtcNow().UtcDateTime,
        });
        return result.IsValid ? result.ClaimsIdentity : null;
    }
}
