using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Sessions;

/// <summary>Issues, checks and revokes the sessions by which guests prove who they are.</summary>
public sealed class AnonymousSessions(ISessionStore store, IOptions<PresenceOptions> options, TimeProvider time)
{
    /// <summary>The shortest lifetime that can be asked for.</summary>
    public static readonly TimeSpan MinLifetime = TimeSpan.FromSeconds(1);

    private const int MostCached = 100_000;

    private readonly ConcurrentDictionary<(PresenceKey Participant, string TokenHash), (DateTimeOffset ExpiresAt, DateTimeOffset Until)> _known = new();

    /// <summary>Issues a session.</summary>
    /// <param name="participant">For whom.</param>
    /// <param name="lifetime">How long it lasts; 1 s up to <see cref="PresenceOptions.SessionLifetime"/>, which is the default.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidInputException">The lifetime is out of range.</exception>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<AnonymousSession> IssueAsync(PresenceKey participant, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        var longest = options.Value.SessionLifetime;
        if (lifetime is { } asked && (asked < MinLifetime || asked > longest))
        {
            throw new InvalidInputException("lifetimeSeconds", $"must be from {MinLifetime.TotalSeconds} to {longest.TotalSeconds}");
        }

        var token = SessionToken.Create(participant);
        var expiresAt = (time.GetUtcNow() + (lifetime ?? longest)).ToWholeMilliseconds();
        await store.AddAsync(participant, new(token.Hash(), expiresAt), cancellationToken);
        return new(participant, token.Text, expiresAt);
    }

    /// <summary>Whose session this is; null if it is none, expired or revoked.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach, and the session has not been seen lately.</exception>
    public async ValueTask<PresenceKey?> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        if (SessionToken.TryParse(token) is not { } parsed)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var key = (parsed.Participant, parsed.Hash());
        if (!_known.TryGetValue(key, out var known) || known.Until <= now)
        {
            if (await store.FindAsync(parsed.Participant, key.Item2, cancellationToken) is not { } session)
            {
                _known.TryRemove(key, out _);
                return null;
            }

            known = (session.ExpiresAt, now + options.Value.SessionCacheFor);
            Remember(key, known, now);
        }

        return now < known.ExpiresAt ? parsed.Participant : null;
    }

    /// <summary>
    /// Revokes all sessions of a participant: at once on this instance, within <see cref="PresenceOptions.SessionCacheFor"/> on the others.
    /// </summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<int> RevokeAsync(PresenceKey participant, CancellationToken cancellationToken)
    {
        var removed = await store.RemoveAllAsync(participant, cancellationToken);
        foreach (var session in removed)
        {
            _known.TryRemove((participant, session.TokenHash), out _);
        }

        return removed.Count;
    }

    private void Remember((PresenceKey, string) key, (DateTimeOffset ExpiresAt, DateTimeOffset Until) known, DateTimeOffset now)
    {
        if (_known.Count >= MostCached)
        {
            foreach (var old in _known.Where(e => e.Value.Until <= now))
            {
                _known.TryRemove(old);
            }
        }

        if (_known.Count < MostCached)
        {
            _known[key] = known;
        }
    }
}
