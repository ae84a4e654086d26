using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>A session as stored.</summary>
/// <param name="TokenHash">The SHA-256 of the token, base64url. The token itself is stored nowhere.</param>
/// <param name="IssuedAt">When it was issued, UTC; null in rows that were written before this was kept.</param>
/// <param name="ExpiresAt">Until when it is good, UTC.</param>
public sealed record StoredSession(string TokenHash, DateTimeOffset? IssuedAt, DateTimeOffset ExpiresAt);

/// <summary>
/// Where the sessions of anonymous participants are kept, beside their presence. All of it throws
/// <see cref="StoreUnavailableException"/> while the storage is out of reach.
/// </summary>
public interface ISessionStore
{
    /// <summary>Keeps a new session.</summary>
    Task AddAsync(PresenceKey participant, StoredSession session, CancellationToken cancellationToken);

    /// <summary>The session with this hash, or null.</summary>
    Task<StoredSession?> FindAsync(PresenceKey participant, string tokenHash, CancellationToken cancellationToken);

    /// <summary>Removes all sessions of a participant.</summary>
    /// <returns>What was removed.</returns>
    Task<IReadOnlyList<StoredSession>> RemoveAllAsync(PresenceKey participant, CancellationToken cancellationToken);

    /// <summary>How many sessions are good beyond the moment given.</summary>
    Task<int> CountAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes the sessions that expired at or before the moment given.</summary>
    /// <returns>How many.</returns>
    Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
