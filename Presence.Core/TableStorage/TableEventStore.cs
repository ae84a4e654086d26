using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>The events in Table Storage: rows of their users' shards, in the order in which they were sent.</summary>
internal sealed class TableEventStore(PresenceTable table, RowReader rows, SharedRow shared) : IEventStore
{
    /// <summary>Says from when on all events are there.</summary>
    private const string CompleteRow = "events";

    private const string CompleteSince = "CompleteSince";

    /// <summary>Where nothing leads to the events of a user, so many stretches of time are looked through at once.</summary>
    private const int Stretches = 8;

    public int ShardCount => table.ShardCount;

    public IReadOnlyList<IReadOnlyList<int>> Parts => table.Parts;

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

    public async ValueTask<DateTimeOffset> CompleteSinceAsync(CancellationToken cancellationToken) =>
        (await FindCompleteAsync(cancellationToken))?.Value?.Since ?? DateTimeOffset.MinValue;

    public async Task RaiseCompleteSinceAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        var raised = new TableEntity(TableKeys.MetaPartition, CompleteRow) { [CompleteSince] = moment.UtcTicks };
        while (await FindCompleteAsync(cancellationToken) is var kept && !(kept?.Value?.Since >= moment) && !await shared.TryKeepAsync(raised, kept?.Tag, cancellationToken))
        {
            // Somebody else has raised it meanwhile, perhaps less far.
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public Task<int> RemoveAsync(PresenceKey user, DateTimeOffset? last, DateTimeOffset erasedAt, bool isSought, CancellationToken cancellationToken)
    {
        var partition = TableKeys.Partition(TableKeys.Shard(user, ShardCount));
        var chain = new EventChain(
            user,
            key => table.FindPatientlyAsync(partition, key, cancellationToken),
            actions => RowRemoval.TrySubmitAsync(table, partition, actions, cancellationToken),
            until => SeekAsync(user, partition, until, cancellationToken));
        return chain.RemoveAsync(last, erasedAt, isSought);
    }

    public async Task<int> RemoveOldAsync(int shard, DateTimeOffset sentUntil, int most, CancellationToken cancellationToken)
    {
        var partition = TableKeys.Partition(shard);
        var old = await table.QueryAsync(OldOf(partition, sentUntil), RowRemoval.KeysOnly, cancellationToken, most).Take(most).ToListAsync(cancellationToken);
        var removed = 0;
        foreach (var some in old.Chunk(RowRemoval.Most))
        {
            if (!await RowRemoval.TrySubmitAsync(table, partition, [.. some.Select(RowRemoval.Of)], cancellationToken))
            {
                break;
            }

            removed += some.Length;
        }

        return removed;
    }

    /// <summary>Removes those of one user that were sent up to a moment, but those of erasures, wherever they lie. As they are found: what is done is done.</summary>
    private async Task<int> SeekAsync(PresenceKey user, string partition, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var all = OldOf(partition, until);
        if ((await table.FirstPageAsync(all, most: 1, cancellationToken)).Values is not [var oldest, ..])
        {
            return 0;
        }

        var (first, end) = (TableKeys.OfEvent(oldest.RowKey).Position.Ticks, until.UtcTicks + 1);
        var length = Math.Max(1, (end - first + Stretches - 1) / Stretches);
        var found = Merged.ReadAsync(
            Enumerable.Range(0, Stretches).Select(i => OfUser(first + (i * length), Math.Min(end, first + ((i + 1) * length)))),
            cancellationToken);
        return await RowRemoval.RemoveAsync(table, partition, found, cancellationToken);

        IAsyncEnumerable<TableEntity> OfUser(long from, long before) => table.QueryAsync(
            RowFilter.Between(partition, TableKeys.OfEvents(new(from, 0)), TableKeys.OfEvents(new(Math.Max(from, before), 0)))
                .And($"User eq {user.ToString()} and Kind ne {nameof(UserEventKind.Erased)}"),
            RowRemoval.KeysOnly,
            cancellationToken);
    }

    private Task<(string Tag, Complete? Value)?> FindCompleteAsync(CancellationToken cancellationToken) => shared.FindAsync(
        CompleteRow, row => new Complete(new(row.GetInt64(CompleteSince)!.Value, TimeSpan.Zero)), cancellationToken);

    private static RowFilter OldOf(string partition, DateTimeOffset sentUntil) =>
        RowFilter.Between(partition, TableKeys.EventPrefix, TableKeys.OfEvents(EventPosition.EndOf(sentUntil).Next));

    private sealed record Complete(DateTimeOffset Since);
}
