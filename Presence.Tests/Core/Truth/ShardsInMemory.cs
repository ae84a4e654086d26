using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;

namespace Presence.Tests.Core.Truth;

/// <summary>Users in the order of their keys, shard by shard, as storage has them. Counts how it is asked.</summary>
internal sealed class ShardsInMemory : ITruthStore
{
    private readonly (string[] Keys, StoredUser[] Users)[] _shards;

    public ShardsInMemory(int shardCount, IEnumerable<string> ids)
    {
        ShardCount = shardCount;
        var shards = ids.Select(id => PresenceKey.Parse(id)).ToLookup(user => TableKeys.Shard(user, shardCount));
        _shards = new (string[], StoredUser[])[shardCount];
        for (var shard = 0; shard < shardCount; shard++)
        {
            string[] keys = [.. shards[shard].Select(user => KeyEscape.Escape(user.ToString()))];
            StoredUser[] users = [.. shards[shard].Select(user => new StoredUser(user, default, null))];
            Array.Sort(keys, users, StringComparer.Ordinal);
            _shards[shard] = (keys, users);
        }
    }

    public int ShardCount { get; }

    public int Requests { get; private set; }

    public Task<UserSample> SampleAsync(int shard, bool isHere, SamplePlace? from, int most, CancellationToken cancellationToken)
    {
        Requests++;
        var (keys, users) = _shards[shard];
        var first = Array.BinarySearch(keys, KeyEscape.Escape(from?.Id ?? ""), StringComparer.Ordinal);
        first = first < 0 ? ~first : from is { IsIncluded: false } ? first + 1 : first;
        StoredUser[] taken = [.. users.Skip(first).Take(most)];
        return Task.FromResult(new UserSample(taken, IsLast: taken.Length < most));
    }

    public Task<StoredTruth?> FindAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryKeepAsync(TruthRecord record, string? tag, CancellationToken cancellationToken) => throw new NotSupportedException();
}
