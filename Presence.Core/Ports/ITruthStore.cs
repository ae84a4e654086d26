namespace Presence.Core.Ports;

/// <summary>Some users of a shard.</summary>
/// <param name="Users">As kept, in the order of their keys.</param>
/// <param name="IsLast">Whether there are no further ones.</param>
public sealed record UserSample(IReadOnlyList<StoredUser> Users, bool IsLast);

/// <summary>A place in the order of keys.</summary>
/// <param name="Id">The id of a user, or the beginning of one, whether there is a user of it or not.</param>
/// <param name="IsIncluded">Whether a user of this very id comes behind the place, and not before it.</param>
public readonly record struct SamplePlace(string Id, bool IsIncluded);

/// <summary>What was checked last, as kept.</summary>
/// <param name="Record">It; null where it cannot be read, and may be replaced.</param>
/// <param name="Tag">What a compare-and-swap needs.</param>
public sealed record StoredTruth(TruthRecord? Record, string Tag);

/// <summary>
/// What checking users against the SignalR service needs of storage. Throws <see cref="StoreUnavailableException"/> while the storage is out of
/// reach.
/// </summary>
public interface ITruthStore
{
    /// <summary>Over how many shards the users are spread.</summary>
    int ShardCount { get; }

    /// <summary>
    /// The next users of a shard, of those who are here or of those who are known not to be. One request; a page may be short or empty, with more
    /// to come.
    /// </summary>
    /// <param name="shard">The shard.</param>
    /// <param name="isHere">Which of them.</param>
    /// <param name="from">Where to begin; null for the first.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<UserSample> SampleAsync(int shard, bool isHere, SamplePlace? from, int most, CancellationToken cancellationToken);

    /// <summary>What was kept last; null for nothing. One request.</summary>
    Task<StoredTruth?> FindAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Replaces it, if it is still as found, or still nothing where the tag is null. False, and nothing changed, if not. One request, and one more
    /// where it seems not to be so.
    /// </summary>
    Task<bool> TryKeepAsync(TruthRecord record, string? tag, CancellationToken cancellationToken);
}
