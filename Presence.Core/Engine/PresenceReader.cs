using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.Engine;

/// <summary>Looks users up.</summary>
public sealed class PresenceReader(IPresenceStore store, TimeProvider time)
{
    /// <summary>
    /// The users given, in that order. One who was never seen is offline without times; of several, one whose row cannot be read is left out.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    /// <exception cref="UnreadableRowException">The only user asked for has a row that cannot be read.</exception>
    public async Task<IReadOnlyList<PresenceView>> ReadAsync(IReadOnlyList<PresenceKey> users, CancellationToken cancellationToken)
    {
        var views = await store.ReadManyAsync(users, cancellationToken);
        return users.Count == 1 && views.Count == 0
            ? throw new UnreadableRowException()
            : [.. users.Where(views.ContainsKey).Select(user => views[user])];
    }

    /// <summary>What a user's connections and activity say of it, whatever others are told.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    /// <exception cref="UnreadableRowException">Its row cannot be read.</exception>
    public async Task<PresenceStatus> ReadSessionsAsync(PresenceKey user, CancellationToken cancellationToken) =>
        (await store.LoadAsync(user, cancellationToken)).Records.SessionStatus;

    /// <summary>A user as it may see itself.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    /// <exception cref="UnreadableRowException">Its row cannot be read.</exception>
    public async Task<OwnPresence> ReadOwnAsync(PresenceKey user, CancellationToken cancellationToken) =>
        (await store.LoadAsync(user, cancellationToken)).Records.OwnViewOf(user, time.GetUtcNow());
}
