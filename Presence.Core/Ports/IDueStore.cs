namespace Presence.Core.Ports;

/// <summary>
/// What the sweep asks for, one shard after another, so that one that cannot be read keeps it from no other. Nobody else knows of shards but the feed of events.
/// Throws <see cref="StoreUnavailableException"/> while the storage is out of reach.
/// </summary>
public interface IDueStore
{
    /// <summary>Over how many shards the users are spread.</summary>
    int ShardCount { get; }

    /// <summary>
    /// All shards, in parts that have nothing to do with one another: one that is out of reach, or slow, is no reason to wait with another.
    /// </summary>
    IReadOnlyList<IReadOnlyList<int>> Parts => [[.. Enumerable.Range(0, ShardCount)]];

    /// <summary>
    /// The online users of a shard that are due at or before the moment given, and after them the duties that are: one request for each
    /// 1,000 of both.
    /// </summary>
    IAsyncEnumerable<DueRow> DueAsync(int shard, DateTimeOffset now, CancellationToken cancellationToken);
}
