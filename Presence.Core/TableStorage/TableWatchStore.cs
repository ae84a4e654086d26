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
        return await table.TrySubmitAsync([new(TableTransactionActionType.UpdateReplace, row, new ETag(before.Tag))], cancellationToken) is null;
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
