using System.Globalization;
using System.Security.Claims;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Presence.LocalHost.SignalR;

/// <summary>Signs the tokens that SignalR Service accepts under its access key.</summary>
internal sealed class SignalRTokens(SignalRConnectionString connection, TimeProvider time)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    // The key is the text itself; the service does not decode it from base64.
    private readonly SigningCredentials _credentials =
        new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(connection.AccessKey)), SecurityAlgorithms.HmacSha256);

    public string ForRest(string path) => Create(connection.Audience + path, [], TimeSpan.FromMinutes(5));

    public string ForClient(
        string audience, string? userId, IEnumerable<Claim> claims, TimeSpan lifetime, bool closeOnAuthenticationExpiration = false)
    {
        var own = claims.Select(claim =>
            SignalRClaims.TokenNames.Contains(claim.Type) ? new Claim(SignalRClaims.UserPrefix + claim.Type, claim.Value) : claim);
        IEnumerable<Claim> user = userId is null ? [] : [new(SignalRClaims.UserId, userId)];
        IEnumerable<Claim> expiry = closeOnAuthenticationExpiration ? ClosesAt(time.GetUtcNow() + lifetime) : [];
        return Create(audience, [.. user, .. expiry, .. own], lifetime);
    }

    private static IEnumerable<Claim> ClosesAt(DateTimeOffset expiry) =>
    [
        new(SignalRClaims.CloseOnAuthenticationExpiration, "true"),
        new(SignalRClaims.AuthenticationExpiresOn, expiry.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
    ];

    private string Create(string audience, IEnumerable<Claim> claims, TimeSpan lifetime)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Audience = audience,
            Subject = new ClaimsIdentity(claims),
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
            SigningCredentials = _credentials,
        });
    }
}
