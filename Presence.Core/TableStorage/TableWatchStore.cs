using System.Collections.Immutable;
using Azure;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>The lists of users whom connections watch, in Table Storage.</summary>
internal sealed class TableWatchStore(PresenceTable table, RowReader rows) : IWatchStore
{
    public async ValueTask<StoredWatches?> FindAsync(PresenceKey user, string connectionId, CancellationToken cancellationToken) =>
        await table.FindAsync(PartitionOf(user), TableKeys.Watches(user, connectionId), cancellationToken) is { } row
            ? new(rows.Read(row, WatchRows.ToUsers), row.ETag.ToString())
            : null;

    public async ValueTask<bool> TryReplaceAsync(
        PresenceKey user, string connectionId, StoredWatches before, ImmutableArray<PresenceKey> users, CancellationToken cancellationToken)
    {
        var row = WatchRows.ToEntity(PartitionOf(user), TableKeys.Watches(user, connectionId), users);
        TableTransactionAction write = before.Tag is { } tag
            ? new(TableTransactionActionType.UpdateReplace, row, new ETag(tag))
            : new(TableTransactionActionType.Add, row);
        return await table.TrySubmitAsync([write], cancellationToken) is null;
    }

    public async Task<int> ForgetErasedAsync(CancellationToken cancellationToken)
    {
        HashSet<string> tombstones = new(StringComparer.Ordinal);
        foreach (var shard in table.Shards)
        {
            var all = TablePresenceStore.Range(shard, TableKeys.TombstonePrefix);
            await foreach (var tombstone in table.QueryAsync(all, TablePresenceStore.KeyOnly, cancellationToken))
            {
                tombstones.Add(tombstone.RowKey);
            }
        }

        var changed = 0;
        foreach (var shard in tombstones.Count == 0 ? [] : table.Shards)
        {
            await foreach (var row in table.QueryAsync(TablePresenceStore.Range(shard, TableKeys.WatchPrefix), select: null, cancellationToken))
            {
                if (rows.TryRead(row, WatchRows.ToUsers, out var users)
                    && users.RemoveAll(user => tombstones.Contains(TableKeys.Tombstone(user))) is var left && left.Length < users.Length)
                {
                    // Where its client has changed the list meanwhile, the next clean-up looks again.
                    await table.TrySubmitAsync(
                        [new(TableTransactionActionType.UpdateReplace, WatchRows.ToEntity(row.PartitionKey, row.RowKey, left), row.ETag)], cancellationToken);
                    changed++;
                }
            }
        }

        return changed;
    }

    public async Task<int> RemoveOldAsync(DateTimeOffset writtenUntil, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var shard in table.Shards)
        {
            var filter = TablePresenceStore.Range(shard, TableKeys.WatchPrefix).And($"Timestamp le {writtenUntil}");
            removed += await RowRemoval.RemoveAsync(table, filter, cancellationToken);
        }

        return removed;
    }

    private string PartitionOf(PresenceKey user) => TableKeys.Partition(TableKeys.Shard(user, table.ShardCount));
}
