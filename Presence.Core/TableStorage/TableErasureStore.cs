using Azure;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>Finds every row of a user in its shard, and removes those that belong to nothing.</summary>
internal sealed class TableErasureStore(PresenceTable table, IPresenceStore users) : IErasureStore
{
    public async Task<int> RemoveStraysAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        // The rows before the records: what these do not account for, and is still as read when it is deleted, was made by nobody since.
        var rows = await RowsAsync(user, cancellationToken);
        var accounted = TableKeys.Accounted(await users.LoadAsync(user, cancellationToken));
        foreach (var stray in rows.Where(row => !accounted.Contains(row.RowKey)))
        {
            await table.PatientlyAsync(client => DeleteAsync(client, stray, cancellationToken), cancellationToken);
        }

        return rows.Count;
    }

    public async Task<int> RemoveTombstonesAsync(DateTimeOffset erasedUntil, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var shard in table.Shards)
        {
            var filter = TablePresenceStore.Range(shard, TableKeys.TombstonePrefix)
                + TableClient.CreateQueryFilter($" and ErasedAt le {erasedUntil}");
            removed += await RowRemoval.RemoveAsync(table, filter, cancellationToken);
        }

        return removed;
    }

    private async Task<List<TableEntity>> RowsAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        var shard = TableKeys.Shard(user, table.ShardCount);
        var partition = TableKeys.Partition(shard);
        List<TableEntity> rows = [];
        foreach (var key in new[] { TableKeys.Online(user), TableKeys.Profile(user), TableKeys.Count(user) })
        {
            var exact = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey eq {key}");
            rows.AddRange(await table.QueryAsync(exact, select: null, cancellationToken).ToListAsync(cancellationToken));
        }

        // Neither a conversation's id nor an escaped user contains the separator, so the end of the key is the user.
        var end = TableKeys.Roster("", user)[TableKeys.RosterPrefix.Length..];
        rows.AddRange(await table.QueryAsync(TablePresenceStore.Range(shard, TableKeys.RosterPrefix), select: null, cancellationToken)
            .Where(row => row.RowKey.EndsWith(end, StringComparison.Ordinal))
            .ToListAsync(cancellationToken));
        return rows;
    }

    private static async Task<bool> DeleteAsync(TableClient client, TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
        }
        catch (RequestFailedException e) when (e.IsConflict())
        {
            // Changed since it was read: it is somebody's again, and goes with the records.
        }

        return true;
    }
}
