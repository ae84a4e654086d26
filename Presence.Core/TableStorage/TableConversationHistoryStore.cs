using System.Globalization;
using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.TableStorage;

/// <summary>
/// How many were in conversations, in Table Storage: a row for each conversation and hour, to which each minute is merged as a property of its own. The rows lie
/// in the shards, not in the partitions of rosters, so that those of many conversations go into one request.
/// </summary>
internal sealed class TableConversationHistoryStore(PresenceTable table, RowReader rows) : IConversationHistoryStore
{
    private const string MinutePrefix = "m";

    private const string HourColumn = "Hour";

    private static readonly string[] Select =
    [
        nameof(ITableEntity.PartitionKey), nameof(ITableEntity.RowKey), nameof(ITableEntity.Timestamp), nameof(OnlineRecord.Status), UserEntities.Shown,
        nameof(OnlineRecord.Conversations), nameof(OnlineRecord.DefaultConversation),
    ];

    public IAsyncEnumerable<PresentUser> PresentAsync(CancellationToken cancellationToken) =>
        Merged.ReadAsync(table.Shards.Select(shard => PresentAsync(shard, cancellationToken)), cancellationToken);

    public Task KeepAsync(DateTimeOffset takenAt, IReadOnlyDictionary<string, int> present, CancellationToken cancellationToken) => Task.WhenAll(
        present.Select(one => ToEntity(takenAt, one.Key, one.Value)).GroupBy(row => row.PartitionKey).SelectMany(shard => shard.Chunk(RowRemoval.Most)).Select(some =>
            table.PatientlyAsync(
                some[0].PartitionKey,
                (client, token) => client.SubmitTransactionAsync(some.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertMerge, row)), token),
                cancellationToken)));

    public async Task<IReadOnlyList<ConversationCount>> ReadAsync(
        string conversationId, DateOnly fromDay, DateOnly toDay, CancellationToken cancellationToken)
    {
        var (first, last) = (HistoryRules.StartOf(fromDay), HistoryRules.StartOf(toDay).AddHours(23));
        var months = await Task.WhenAll(HistoryRules.MonthsOf(fromDay, toDay).Select(async month =>
        {
            var (from, to) = (HistoryRules.StartOf(month), HistoryRules.StartOf(HistoryRules.LastOfMonth(month)).AddHours(23));
            var filter = RowFilter.Of(
                PartitionOf(conversationId),
                $"RowKey ge {TableKeys.ConversationHistory(conversationId, from > first ? from : first)} and RowKey le {TableKeys.ConversationHistory(conversationId, to < last ? to : last)}");
            return await table.QueryAsync(filter, select: null, cancellationToken).ToListAsync(cancellationToken);
        }));
        return [.. months.SelectMany(month => month).SelectMany(row => rows.TryRead(row, ToCounts, out var counts) ? counts : []).OrderBy(count => count.Minute)];
    }

    private async IAsyncEnumerable<PresentUser> PresentAsync(int shard, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in table.QueryAsync(TablePresenceStore.Range(shard, TableKeys.OnlinePrefix), Select, cancellationToken))
        {
            if (rows.TryRead(row, ToPresent, out var user) && user.Status != PresenceStatus.Offline)
            {
                yield return user;
            }
        }
    }

    private static PresentUser ToPresent(TableEntity row) => new(
        TableKeys.UserOf(row.RowKey, TableKeys.OnlinePrefix),
        row.ToStatus(),
        row.Conversations() is { IsEmpty: false } own ? own
            : row.GetString(nameof(OnlineRecord.DefaultConversation)) is { } fallback ? [fallback]
            : []);

    private TableEntity ToEntity(DateTimeOffset takenAt, string conversationId, int present)
    {
        var hour = HistoryRules.HourOf(takenAt);
        return new(PartitionOf(conversationId), TableKeys.ConversationHistory(conversationId, hour))
        {
            [HistoryRows.Day] = HistoryRows.NumberOf(HistoryRules.DayOf(hour)),
            [HourColumn] = hour,
            [MinutePrefix + takenAt.UtcDateTime.Minute.ToString("d2", CultureInfo.InvariantCulture)] = present,
        };
    }

    private static IReadOnlyList<ConversationCount> ToCounts(TableEntity row)
    {
        var hour = row.Time(HourColumn);
        return
        [
            .. Enumerable.Range(0, 60)
                .Select(minute => (Minute: hour.AddMinutes(minute), Present: row.GetInt32(MinutePrefix + minute.ToString("d2", CultureInfo.InvariantCulture))))
                .Where(count => count.Present is not null)
                .Select(count => new ConversationCount(count.Minute, count.Present!.Value)),
        ];
    }

    private string PartitionOf(string conversationId) => TableKeys.Partition(TableKeys.Shard(conversationId, table.ShardCount));
}
