using System.Collections.Immutable;
using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>The users whom a connection watches, as kept.</summary>
/// <param name="Users">Whom.</param>
/// <param name="Tag">What a compare-and-swap needs; null for a list that is not there.</param>
public sealed record StoredWatches(ImmutableArray<PresenceKey> Users, string? Tag);

/// <summary>
/// The lists of users whom connections watch. A list is made and removed in the transactions of <see cref="IPresenceStore"/>: it is there
/// exactly while its connection is open and watches. Throws <see cref="StoreUnavailableException"/> while the storage is out of reach.
/// </summary>
public interface IWatchStore
{
    /// <summary>The list of a connection; null if it has none. One request.</summary>
    ValueTask<StoredWatches?> FindAsync(PresenceKey user, string connectionId, CancellationToken cancellationToken);

    /// <summary>Replaces the list of a connection, if it is still as found. False, and nothing changed, if not. One request.</summary>
    ValueTask<bool> TryReplaceAsync(
        PresenceKey user, string connectionId, StoredWatches before, ImmutableArray<PresenceKey> users, CancellationToken cancellationToken);

    /// <summary>Takes users of whom there is a tombstone out of all lists. Reads all lists, if there is a tombstone at all.</summary>
    /// <returns>How many lists named one.</returns>
    Task<int> ForgetErasedAsync(CancellationToken cancellationToken);

    /// <summary>Removes what was written last at or before the moment given: its connections have ended, whatever was missed of that.</summary>
    /// <returns>How many lists.</returns>
    Task<int> RemoveOldAsync(DateTimeOffset writtenUntil, CancellationToken cancellationToken);
}
