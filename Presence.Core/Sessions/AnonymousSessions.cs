using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Presence.Core.Concurrency;
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

    /// <summary>A full memory is looked through for what it need not keep, but not on each look-up.</summary>
    private readonly IntervalGate _tidyTurn = new(TimeSpan.FromSeconds(1), time);

    // When they were looked up is told by the monotonic clock: one set back must not make a revoked session trusted for longer.
    private readonly ConcurrentDictionary<(PresenceKey Participant, string TokenHash), (SessionInForce Session, long FoundAt)> _known = new();
    private int _revocations;

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
        var now = time.GetUtcNow().ToWholeMilliseconds();
        var expiresAt = (now + (lifetime ?? longest)).ToWholeMilliseconds();
        await store.AddAsync(participant, new(token.Hash(), now, expiresAt), cancellationToken);
        return new(participant, token.Text, expiresAt);
    }

    /// <summary>The session of this token; null if it is none, expired or revoked.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach, and the session has not been seen lately.</exception>
    public async ValueTask<SessionInForce?> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        if (SessionToken.TryParse(token) is not { } parsed)
        {
            return null;
        }

        var key = (parsed.Participant, parsed.Hash());
        var session = _known.TryGetValue(key, out var known) && IsTrusted(known.FoundAt)
            ? known.Session
            : await LookUpAsync(key, cancellationToken);
        return session is not null && time.GetUtcNow() < session.ExpiresAt ? session : null;
    }

    /// <summary>
    /// Revokes all sessions of a participant: at once on this instance, within <see cref="PresenceOptions.SessionCacheFor"/> on the others.
    /// </summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<int> RevokeAsync(PresenceKey participant, CancellationToken cancellationToken)
    {
        try
        {
            return (await store.RemoveAllAsync(participant, cancellationToken)).Count;
        }
        finally
        {
            // Also what a first try, or another instance, has removed before.
            Interlocked.Increment(ref _revocations);
            foreach (var (key, _) in _known.Where(known => known.Key.Participant == participant))
            {
                _known.TryRemove(key, out _);
            }
        }
    }

    private async Task<SessionInForce?> LookUpAsync((PresenceKey Participant, string TokenHash) key, CancellationToken cancellationToken)
    {
        var (foundAt, revocations) = (time.GetTimestamp(), Volatile.Read(ref _revocations));
        if (await store.FindAsync(key.Participant, key.TokenHash, cancellationToken) is not { } stored)
        {
            _known.TryRemove(key, out _);
            return null;
        }

        var session = new SessionInForce(key.Participant, stored.IssuedAt, stored.ExpiresAt);
        Remember(key, (session, foundAt));
        // What was found may have been revoked while it was on its way. Whoever revokes later finds it remembered, and forgets it.
        if (Volatile.Read(ref _revocations) != revocations)
        {
            _known.TryRemove(key, out _);
        }

        return session;
    }

    private void Remember((PresenceKey, string) key, (SessionInForce Session, long FoundAt) known)
    {
        if (_known.Count >= MostCached && _tidyTurn.TryTake())
        {
            foreach (var old in _known.Where(e => !IsTrusted(e.Value.FoundAt)))
            {
                _known.TryRemove(old);
            }
        }

        if (_known.Count < MostCached)
        {
            _known[key] = known;
        }
    }

    private bool IsTrusted(long foundAt) => time.GetElapsedTime(foundAt) < options.Value.SessionCacheFor;
}
