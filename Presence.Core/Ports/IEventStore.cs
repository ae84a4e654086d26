using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>
/// The events of users, shard by shard. They are written in the transactions of <see cref="IPresenceStore"/>: an event is there exactly if its
/// change is. Throws <see cref="StoreUnavailableException"/> while the storage is out of reach.
/// </summary>
public interface IEventStore
{
    /// <summary>Over how many shards the users are spread.</summary>
    int ShardCount { get; }

    /// <summary>The events of a shard behind a position and not behind another, in their order. Whoever reads on asks for further ones.</summary>
    /// <param name="shard">Which shard.</param>
    /// <param name="after">Behind which position.</param>
    /// <param name="until">Up to which position, that one included.</param>
    /// <param name="atOnce">How many one request asks for, 1 to 1,000. Storage may give fewer, or none, and have more.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<StoredEvent> ReadAsync(
        int shard, EventPosition after, EventPosition until, int atOnce, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the events of a user up to one of them, but those of its erasures: that one, and from each the one before it. One request for each,
    /// and one for each 100 that are removed. Where it is not known which is the last, or the user was erased before, storage looks through those of
    /// all users of the shard.
    /// </summary>
    /// <param name="user">Whose.</param>
    /// <param name="last">When the last of them was sent, as its records said: see <see cref="UserRecord.EventAt"/>; null where they did not.</param>
    /// <param name="until">Where they did not: up to when.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many.</returns>
    Task<int> RemoveAsync(PresenceKey user, DateTimeOffset? last, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Removes the events sent at or before the moment given.</summary>
    /// <returns>How many.</returns>
    Task<int> RemoveOldAsync(DateTimeOffset sentUntil, CancellationToken cancellationToken);
}
