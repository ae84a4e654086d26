using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Callers;

/// <summary>
/// Checks bearer tokens (RFC 7519, with the advice of RFC 8725: algorithms by allow-list, audience required, expiry required).
/// </summary>
public sealed class BearerTokenValidator
{
    private static readonly string[] SharedKeyAlgorithms = [SecurityAlgorithms.HmacSha256];

    private static readonly string[] AuthorityAlgorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new();
    private readonly AuthenticationOptions _options;
    private readonly TokenValidationParameters _parameters;
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? _authority;

    /// <summary>Creates the validator; an authority is asked at the first token.</summary>
    public BearerTokenValidator(IOptions<PresenceOptions> options, TimeProvider time)
    {
        _options = options.Value.Authentication;
        _parameters = new TokenValidationParameters
        {
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            RequireAudience = true,
            ValidAudience = _options.Audience,
            LifetimeValidator = (notBefore, expires, _, _) => IsInForce(notBefore, expires, time.GetUtcNow().UtcDateTime),
        };
        if (string.IsNullOrEmpty(_options.Authority))
        {
            _parameters.IssuerSigningKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(_options.SigningKey!));
            _parameters.ValidAlgorithms = SharedKeyAlgorithms;
            _parameters.ValidateIssuer = !string.IsNullOrEmpty(_options.Issuer);
            _parameters.ValidIssuer = _options.Issuer;
        }
        else
        {
            _authority = new(
                _options.Authority.TrimEnd('/') + "/.well-known/openid-configuration",
                new OpenIdConnectConfigurationRetriever(),
                new HttpDocumentRetriever { RequireHttps = !new Uri(_options.Authority).IsLoopback });
            _parameters.ConfigurationManager = _authority;
            _parameters.ValidAlgorithms = AuthorityAlgorithms;
        }
    }

    /// <summary>Whose token this is.</summary>
    /// <exception cref="UnauthenticatedException">The token does not hold.</exception>
    /// <exception cref="IdentityProviderUnavailableException">The authority's keys cannot be fetched.</exception>
    public async ValueTask<PresenceKey> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        await EnsureKeysAsync(cancellationToken);
        var result = await _handler.ValidateTokenAsync(token, _parameters);
        if (!result.IsValid)
        {
            throw new UnauthenticatedException(Reason(result.Exception));
        }

        try
        {
            return PresenceKey.Registered(((JsonWebToken)result.SecurityToken).TryGetClaim(_options.UserIdClaim, out var claim) ? claim.Value : null);
        }
        catch (InvalidInputException e)
        {
            throw new UnauthenticatedException($"The token's claim '{_options.UserIdClaim}' is no user id: {e.Message}.");
        }
    }

    private async ValueTask EnsureKeysAsync(CancellationToken cancellationToken)
    {
        if (_authority is null)
        {
            return;
        }

        try
        {
            await _authority.GetConfigurationAsync(cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            throw new IdentityProviderUnavailableException(e);
        }
    }

    private bool IsInForce(DateTime? notBefore, DateTime? expires, DateTime now) =>
        expires is { } end && now <= Later(end) && (notBefore is not { } start || Later(now) >= start);

    // The end of time plus the skew is still the end of time.
    private DateTime Later(DateTime time) => time > DateTime.MaxValue - _options.ClockSkew ? DateTime.MaxValue : time + _options.ClockSkew;

    private static string Reason(Exception? failure) => failure switch
    {
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNoExpirationException =>
            "The token has expired, is not yet in force, or has no expiry.",
        SecurityTokenInvalidAudienceException => "The token is meant for another audience.",
        SecurityTokenInvalidIssuerException => "The token is from another issuer.",
        SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException =>
            "The token's signature does not hold.",
        _ => "The token is no valid JWT.",
    };
}
