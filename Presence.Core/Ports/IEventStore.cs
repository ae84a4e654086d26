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

    /// <inheritdoc cref="IDueStore.Parts"/>
    IReadOnlyList<IReadOnlyList<int>> Parts => [[.. Enumerable.Range(0, ShardCount)]];

    /// <summary>The events of a shard behind a position and not behind another, in their order. Whoever reads on asks for further ones.</summary>
    /// <param name="shard">Which shard.</param>
    /// <param name="after">Behind which position.</param>
    /// <param name="until">Up to which position, that one included.</param>
    /// <param name="atOnce">How many one request asks for, 1 to 1,000. Storage may give fewer, or none, and have more.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<StoredEvent> ReadAsync(
        int shard, EventPosition after, EventPosition until, int atOnce, CancellationToken cancellationToken);

    /// <summary>
    /// From when on all events are there, however long they were kept, and whether they were, in the past; the earliest moment where nobody has said
    /// so. One request.
    /// </summary>
    ValueTask<DateTimeOffset> CompleteSinceAsync(CancellationToken cancellationToken);

    /// <summary>Says so of a later moment; of an earlier one changes nothing. To be called before what was sent up to then is removed. Two requests at most.</summary>
    Task RaiseCompleteSinceAsync(DateTimeOffset moment, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the events of a user who was erased, up to the one that tells of that, and but those that tell of others: from that one back, each says
    /// which was before. What fails is done by a repeat, from where it has ended. One request for each, and one for some 100 that are removed; where
    /// nothing says which was the last before the erasure, storage looks through those of all users of the shard, if it is to.
    /// </summary>
    /// <param name="user">Whose.</param>
    /// <param name="last">When the last event of the user was sent, as its records say: see <see cref="UserRecord.EventAt"/>; null where they do not.</param>
    /// <param name="erasedAt">When the user was erased: events sent later, of one who has come back since, stay.</param>
    /// <param name="isSought">Whether there may be some of which its records did not know.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many.</returns>
    Task<int> RemoveAsync(PresenceKey user, DateTimeOffset? last, DateTimeOffset erasedAt, bool isSought, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the oldest events of a shard that were sent at or before the moment given: one request, and one for each 100. Leaves it to whoever
    /// else removes them at the same time.
    /// </summary>
    /// <param name="shard">Which shard.</param>
    /// <param name="sentUntil">The moment.</param>
    /// <param name="most">How many at most, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends it between two requests.</param>
    /// <returns>How many; fewer than asked for where there are no more, or somebody else is at them.</returns>
    Task<int> RemoveOldAsync(int shard, DateTimeOffset sentUntil, int most, CancellationToken cancellationToken);
}
