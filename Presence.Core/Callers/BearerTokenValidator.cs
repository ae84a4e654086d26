using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Presence.Core.Options;

namespace Presence.Core.Callers;

/// <summary>
/// Checks bearer tokens (RFC 7519, with the advice of RFC 8725: algorithms by allow-list, audience required, expiry required).
/// </summary>
public sealed class BearerTokenValidator : IDisposable
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
    private readonly TimeProvider _time;
    private readonly TokenValidationParameters _parameters;
    private readonly AuthorityKeys? _authority;

    /// <summary>Creates the validator; an authority is asked at the first token.</summary>
    public BearerTokenValidator(IOptions<PresenceOptions> options, TimeProvider time, ILogger<BearerTokenValidator> logger)
    {
        _options = options.Value.Authentication;
        _time = time;
        _parameters = new TokenValidationParameters
        {
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            RequireAudience = true,
            ValidAudience = _options.Audience,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            // Checked before, to the fraction of a second.
            LifetimeValidator = (_, _, _, _) => true,
            // A token meant for others is no reason to ask the authority for new keys.
            ValidateSignatureLast = true,
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
            _authority = new(_options.Authority, time, logger);
            _parameters.ValidAlgorithms = AuthorityAlgorithms;
            _parameters.TryAllIssuerSigningKeys = false;
        }
    }

    /// <summary>Ends when there are keys to check tokens by; at once where they are known, or shared with us.</summary>
    /// <exception cref="IdentityProviderUnavailableException">There are none, and they cannot be fetched.</exception>
    internal async Task HaveKeysAsync(CancellationToken cancellationToken)
    {
        if (_authority is null)
        {
            return;
        }

        await foreach (var _ in _authority.InTurnAsync(cancellationToken))
        {
            return;
        }
    }

    /// <summary>Whose token this is.</summary>
    /// <exception cref="UnauthenticatedException">The token does not hold.</exception>
    /// <exception cref="IdentityProviderUnavailableException">The keys by which to tell cannot be fetched.</exception>
    public async ValueTask<Caller> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        // Whatever can be told without keys is told first, so that nobody is asked about a token that cannot hold.
        var claims = TokenClaims.Read(token, _options.UserIdClaim);
        ThrowIfStrange(claims.Algorithm);
        ThrowIfNotInForce(claims, _time.GetUtcNow());
        var failure = _authority is null
            ? await FailureAsync(token, _parameters)
            : await FailureUnderAuthorityAsync(_authority, token, claims, cancellationToken);
        return failure is null ? new(claims.User, claims.IssuedAt, claims.ExpiresAt) : throw new UnauthenticatedException(Reason(failure));
    }

    /// <inheritdoc/>
    public void Dispose() => _authority?.Dispose();

    private async ValueTask<Exception?> FailureUnderAuthorityAsync(
        AuthorityKeys authority, string token, TokenClaims claims, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        await foreach (var keys in authority.InTurnAsync(cancellationToken))
        {
            failure = await FailureAsync(token, ParametersFor(keys, claims));
            if (failure is not SecurityTokenInvalidSignatureException)
            {
                break;
            }
        }

        return failure;
    }

    private async ValueTask<Exception?> FailureAsync(string token, TokenValidationParameters parameters)
    {
        var result = await _handler.ValidateTokenAsync(token, parameters);
        return result.IsValid ? null : result.Exception;
    }

    private TokenValidationParameters ParametersFor(AuthorityKeySet keys, TokenClaims claims)
    {
        var parameters = _parameters.Clone();
        parameters.ValidIssuer = string.IsNullOrEmpty(_options.Issuer) ? keys.Issuer : _options.Issuer;
        parameters.IssuerSigningKeyResolver = (_, _, _, _) => keys.For(claims.KeyId, claims.Algorithm);
        return parameters;
    }

    private void ThrowIfStrange(string? algorithm)
    {
        if (!_parameters.ValidAlgorithms.Contains(algorithm))
        {
            throw new UnauthenticatedException($"The token must be signed by one of {string.Join(", ", _parameters.ValidAlgorithms)}.");
        }
    }

    private void ThrowIfNotInForce(TokenClaims claims, DateTimeOffset now)
    {
        if (now > Later(claims.ExpiresAt) || (claims.NotBefore is { } start && Later(now) < start))
        {
            throw new UnauthenticatedException("The token has expired or is not yet in force.");
        }
    }

    // The end of time plus the skew is still the end of time.
    private DateTimeOffset Later(DateTimeOffset moment) =>
        moment > DateTimeOffset.MaxValue - _options.ClockSkew ? DateTimeOffset.MaxValue : moment + _options.ClockSkew;

    private static string Reason(Exception failure) => failure switch
    {
        SecurityTokenInvalidAudienceException => "The token is meant for another audience.",
        SecurityTokenInvalidIssuerException => "The token is from another issuer.",
        SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException => "The token's signature does not hold.",
        _ => "The token is no valid JWT.",
    };
}
