using Presence.Core.Ports;
using Presence.Core.Sessions;

namespace Presence.Core.Callers;

/// <summary>Who is calling: a registered user by a bearer token, or an anonymous participant by a session token.</summary>
public sealed class CallerAuthenticator(BearerTokenValidator bearer, AnonymousSessions sessions)
{
    private const string Scheme = "Bearer ";

    /// <summary>Finds out who is calling. Where both are given, the bearer token decides.</summary>
    /// <param name="authorization">The <c>Authorization</c> header.</param>
    /// <param name="sessionToken">The <c>X-Session-Token</c> header.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UnauthenticatedException">No credentials, or none that hold.</exception>
    /// <exception cref="IdentityProviderUnavailableException">The authority's keys cannot be fetched.</exception>
    /// <exception cref="StoreUnavailableException">The session cannot be looked up.</exception>
    public async ValueTask<Caller> AuthenticateAsync(string? authorization, string? sessionToken, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(authorization))
        {
            return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                ? await bearer.ValidateAsync(authorization[Scheme.Length..].Trim(), cancellationToken)
                : throw new UnauthenticatedException("The Authorization header must be 'Bearer' and a JWT.");
        }

        if (!string.IsNullOrEmpty(sessionToken))
        {
            return await sessions.ValidateAsync(sessionToken, cancellationToken) is var (participant, issuedAt, expiresAt)
                ? new(participant, issuedAt, expiresAt)
                : throw new UnauthenticatedException("The session token is unknown, expired or revoked.");
        }

        throw new UnauthenticatedException("Credentials are missing: send 'Authorization: Bearer <JWT>' or 'X-Session-Token'.");
    }
}
