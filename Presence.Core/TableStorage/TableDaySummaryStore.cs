using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>The sums of days in Table Storage, a row each, all in the partition that no user lies in.</summary>
internal sealed class TableDaySummaryStore(PresenceTable table, RowReader rows) : IDaySummaryStore
{
    private const char Divider = ' ';

    private const char Counted = ':';

    public async Task<IReadOnlyList<DaySummary>> ReadAsync(DateOnly fromDay, DateOnly toDay, CancellationToken cancellationToken)
    {
        List<DaySummary> days = [];
        var filter = RowFilter.Of(TableKeys.MetaPartition, $"RowKey ge {TableKeys.DaySummary(fromDay)} and RowKey le {TableKeys.DaySummary(toDay)}");
        await foreach (var row in table.QueryAsync(filter, select: null, cancellationToken))
        {
            if (rows.TryRead(row, ToSummary, out var summary))
            {
                days.Add(summary);
            }
        }

        return days;
    }

    public async Task<bool> TryAddAsync(DaySummary summary, CancellationToken cancellationToken) =>
        await table.TrySubmitAsync([new(TableTransactionActionType.Add, ToEntity(summary))], cancellationToken) is null;

    public Task<int> RemoveOldAsync(DateOnly firstKept, CancellationToken cancellationToken) => RowRemoval.RemoveAsync(
        table, RowFilter.Between(TableKeys.MetaPartition, TableKeys.DaySummaryPrefix, TableKeys.DaySummary(firstKept)), cancellationToken);

    private static TableEntity ToEntity(DaySummary summary) => new(TableKeys.MetaPartition, TableKeys.DaySummary(summary.Day))
    {
        [HistoryRows.Day] = HistoryRows.NumberOf(summary.Day),
        [nameof(DaySummary.Users)] = summary.Users,
        [nameof(DaySummary.Guests)] = summary.Guests,
        [nameof(DaySummary.WeeklyUsers)] = summary.WeeklyUsers,
        [nameof(DaySummary.DayBefore)] = summary.DayBefore,
        [nameof(DaySummary.ReturnedAfterDay)] = summary.ReturnedAfterDay,
        [nameof(DaySummary.WeekBefore)] = summary.WeekBefore,
        [nameof(DaySummary.ReturnedAfterWeek)] = summary.ReturnedAfterWeek,
        [nameof(DaySummary.Peak)] = summary.Peak,
        [nameof(DaySummary.PeakAt)] = summary.PeakAt,
        [nameof(DaySummary.PresentSeconds)] = string.Join(Divider, summary.PresentSeconds.Select(Text)),
        [nameof(DaySummary.Lengths)] = string.Join(Divider, summary.Lengths.Counts.Select(count => $"{Text(count.Key)}{Counted}{Text(count.Value)}")),
    };

    private static DaySummary ToSummary(TableEntity row) => new()
    {
        Day = HistoryRows.DayOf(row),
        Users = row.GetInt32(nameof(DaySummary.Users))!.Value,
        Guests = row.GetInt32(nameof(DaySummary.Guests))!.Value,
        WeeklyUsers = row.GetInt32(nameof(DaySummary.WeeklyUsers))!.Value,
        DayBefore = row.GetInt32(nameof(DaySummary.DayBefore))!.Value,
        ReturnedAfterDay = row.GetInt32(nameof(DaySummary.ReturnedAfterDay))!.Value,
        WeekBefore = row.GetInt32(nameof(DaySummary.WeekBefore))!.Value,
        ReturnedAfterWeek = row.GetInt32(nameof(DaySummary.ReturnedAfterWeek))!.Value,
        Peak = row.GetInt32(nameof(DaySummary.Peak))!.Value,
        PeakAt = row.GetDateTimeOffset(nameof(DaySummary.PeakAt)),
        PresentSeconds = [.. Parts(row, nameof(DaySummary.PresentSeconds)).Select(Number)],
        Lengths = new(Parts(row, nameof(DaySummary.Lengths)).Select(part => part.Split(Counted)).ToImmutableSortedDictionary(part => (int)Number(part[0]), part => Number(part[1]))),
    };

    private static string[] Parts(TableEntity row, string column) => row.GetString(column).Split(Divider, StringSplitOptions.RemoveEmptyEntries);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
