using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>What erasing a user needs beside the engine. Throws <see cref="StoreUnavailableException"/> while the storage is out of reach.</summary>
public interface IErasureStore
{
    /// <summary>
    /// Removes the rows of a user that its records do not account for: made by hand, or left of a restored copy. What the records account
    /// for goes with them, by the engine. Looks at the shard of the user, and at the rosters that its records name.
    /// </summary>
    /// <returns>How many rows of the user there were, strays and others; its sessions not among them.</returns>
    Task<int> RemoveStraysAsync(PresenceKey user, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the tombstones of users erased at or before a moment, and not kept out beyond it; but none whose revision the present has not passed: the
    /// versions of one who comes back without it would fall.
    /// </summary>
    /// <param name="erasedUntil">The moment.</param>
    /// <param name="now">The present.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many.</returns>
    Task<int> RemoveTombstonesAsync(DateTimeOffset erasedUntil, DateTimeOffset now, CancellationToken cancellationToken);
}
