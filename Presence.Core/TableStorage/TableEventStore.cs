using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>The events in Table Storage: rows of their users' shards, in the order in which they were sent.</summary>
internal sealed class TableEventStore(PresenceTable table, RowReader rows) : IEventStore
{
    public int ShardCount => table.ShardCount;

    public async IAsyncEnumerable<StoredEvent> ReadAsync(
        int shard, EventPosition after, EventPosition until, int atOnce, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = RowFilter.Between(TableKeys.Partition(shard), TableKeys.OfEvents(after.Next), TableKeys.OfEvents(until.Next));
        await foreach (var row in table.QueryAsync(filter, select: null, cancellationToken, atOnce))
        {
            if (rows.TryRead(row, EventRows.ToStoredEvent, out var stored))
            {
                yield return stored;
            }
        }
    }

    public async Task<int> RemoveAsync(PresenceKey user, DateTimeOffset? last, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var partition = TableKeys.Partition(TableKeys.Shard(user, ShardCount));
        var (found, sought) = last is { } sentAt ? await BackFromAsync(user, sentAt, partition, cancellationToken) : ([], until);
        if (sought is { } upTo)
        {
            found.AddRange(await table.QueryAsync(OldOf(partition, upTo).And($"User eq {user.ToString()}"), select: null, cancellationToken)
                .Where(row => !row.IsOfErasure()).ToListAsync(cancellationToken));
        }

        return await RowRemoval.RemoveAsync(table, partition, found.ToAsyncEnumerable(), cancellationToken);
    }

    public async Task<int> RemoveOldAsync(DateTimeOffset sentUntil, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var shard in table.Shards)
        {
            removed += await RowRemoval.RemoveAsync(table, OldOf(TableKeys.Partition(shard), sentUntil), cancellationToken);
        }

        return removed;
    }

    /// <summary>
    /// The event sent at a moment and those before it, as far as each says which that is. That of an erasure does not: then it is said up to when
    /// the others are to be sought, should that erasure not have come to its end.
    /// </summary>
    private async Task<(List<TableEntity> Found, DateTimeOffset? Sought)> BackFromAsync(
        PresenceKey user, DateTimeOffset last, string partition, CancellationToken cancellationToken)
    {
        List<TableEntity> found = [];
        for (DateTimeOffset? at = last; at is { } sentAt;)
        {
            var row = await table.FindPatientlyAsync(partition, TableKeys.Event(user, sentAt), cancellationToken);
            if (row?.IsOfErasure() == true)
            {
                return (found, sentAt);
            }

            if (row is not null)
            {
                found.Add(row);
            }

            at = row?.ToPreviousAt();
        }

        return (found, null);
    }

    private static RowFilter OldOf(string partition, DateTimeOffset sentUntil) =>
        RowFilter.Between(partition, TableKeys.EventPrefix, TableKeys.OfEvents(EventPosition.EndOf(sentUntil).Next));
}
