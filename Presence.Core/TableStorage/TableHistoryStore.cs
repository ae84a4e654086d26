using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.TableStorage;

/// <summary>The sessions of users in Table Storage, in the shard of each: month by month, and in a month user by user.</summary>
internal sealed class TableHistoryStore(PresenceTable table, RowReader rows, TimeProvider time) : IHistoryStore
{
    /// <summary>Half of what upkeep may have on its way: others wait for storage, too.</summary>
    private const int ShardsAtOnce = 8;

    private static readonly DateTimeOffset Never = DateTimeOffset.MaxValue;

    private static readonly string[] SinceOnly =
    [
        nameof(ITableEntity.PartitionKey), nameof(ITableEntity.RowKey), nameof(ITableEntity.Timestamp), nameof(OnlineRecord.Since), nameof(OnlineRecord.Status), UserEntities.Shown,
    ];

    public async Task<IReadOnlyList<Session>> ReadAsync(PresenceKey user, DateOnly fromDay, DateOnly toDay, CancellationToken cancellationToken)
    {
        var months = await Task.WhenAll(MonthsOf(user, fromDay, toDay).Select(async month =>
            await table.QueryAsync(month, select: null, cancellationToken).ToListAsync(cancellationToken)));
        return [.. months.SelectMany(month => month).SelectMany(Read).OrderBy(session => session.Start)];
    }

    public IAsyncEnumerable<(PresenceKey User, Session Session)> SessionsAsync(DateOnly fromDay, CancellationToken cancellationToken) =>
        Merged.ReadAsync(table.Shards.Select(shard => SessionsAsync(shard, fromDay, cancellationToken)), cancellationToken, ShardsAtOnce);

    public async Task<int> RemoveAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        var shard = TableKeys.Shard(user, table.ShardCount);
        var isEmpty = !await table.QueryAsync(TablePresenceStore.Range(shard, TableKeys.HistoryPrefix), RowRemoval.KeysOnly, cancellationToken).AnyAsync(cancellationToken);
        if (isEmpty)
        {
            return 0;
        }

        // What the clean-up was late for is among it, and what a clock ahead of this one has written.
        var today = HistoryRules.DayOf(time.GetUtcNow());
        var removed = await Task.WhenAll(MonthsOf(user, today.AddDays(-(int)PresenceOptions.LongestHistory.TotalDays - 31), today.AddDays(1))
            .Select(month => RowRemoval.RemoveAsync(table, month, cancellationToken)));
        return removed.Sum();
    }

    public Task<int> RemoveOldAsync(DateOnly firstKept, CancellationToken cancellationToken) => RowRemoval.RemoveAsync(
        table,
        from shard in table.Shards
        from kind in new[]
        {
            (Prefix: TableKeys.HistoryPrefix, Month: TableKeys.OfHistory(firstKept)),
            (Prefix: TableKeys.ConversationHistoryPrefix, Month: TableKeys.OfConversationHistory(firstKept)),
        }
        select RowFilter.Between(TableKeys.Partition(shard), kind.Prefix, TableKeys.After(kind.Month)).And($"Day lt {HistoryRows.NumberOf(firstKept)}"),
        cancellationToken);

    private async IAsyncEnumerable<(PresenceKey User, Session Session)> SessionsAsync(
        int shard, DateOnly fromDay, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Those who are here before those who are not: who leaves in between is found twice, and not missed.
        await foreach (var row in table.QueryAsync(TablePresenceStore.Range(shard, TableKeys.OnlinePrefix), SinceOnly, cancellationToken))
        {
            if (rows.TryRead(row, ToGoingOn, out var going) && going is { } user)
            {
                yield return user;
            }
        }

        foreach (var month in HistoryRules.MonthsOf(fromDay, HistoryRules.DayOf(time.GetUtcNow()).AddDays(1)))
        {
            var filter = TablePresenceStore.Range(shard, TableKeys.OfHistory(month)).And($"Day ge {HistoryRows.NumberOf(fromDay)}");
            await foreach (var row in table.QueryAsync(filter, select: null, cancellationToken))
            {
                var (user, sessions) = rows.TryRead(row, read => (TableKeys.UserOfHistory(read.RowKey), HistoryRows.ToSessions(read)), out var ofDay) ? ofDay : (default, []);
                foreach (var session in sessions)
                {
                    yield return (user, session);
                }
            }
        }
    }

    private IReadOnlyList<Session> Read(TableEntity row) => rows.TryRead(row, HistoryRows.ToSessions, out var sessions) ? sessions : [];

    private IEnumerable<RowFilter> MonthsOf(PresenceKey user, DateOnly fromDay, DateOnly toDay)
    {
        var partition = TableKeys.Partition(TableKeys.Shard(user, table.ShardCount));
        foreach (var month in HistoryRules.MonthsOf(fromDay, toDay))
        {
            var (first, last) = (Later(fromDay, month), Earlier(toDay, HistoryRules.LastOfMonth(month)));
            yield return RowFilter.Of(partition, $"RowKey ge {TableKeys.History(user, first)} and RowKey le {TableKeys.History(user, last)}");
        }
    }

    private static (PresenceKey User, Session Session)? ToGoingOn(TableEntity row) => row.ToStatus() == PresenceStatus.Offline
        ? null
        : (TableKeys.UserOf(row.RowKey, TableKeys.OnlinePrefix), new(row.Time(nameof(OnlineRecord.Since)), Never));

    private static DateOnly Earlier(DateOnly a, DateOnly b) => a <= b ? a : b;

    private static DateOnly Later(DateOnly a, DateOnly b) => a >= b ? a : b;
}
