using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Presence.Core.Concurrency;
using Presence.Core.Metrics;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>
/// Reads rows that anybody may have written. One that cannot be read is counted and named in the log, by what tells an operator where it is
/// and nobody else whose it is: a key may hold a user id, and so may what an error says of a value.
/// </summary>
internal sealed partial class RowReader(PresenceMetrics metrics, TimeProvider time, ILogger<RowReader> logger)
{
    private static readonly TimeSpan LogEvery = TimeSpan.FromMinutes(1);

    private readonly IntervalGate _logTurn = new(LogEvery, time);
    private int _unread;

    /// <summary>Reads a row of a scan: false for one to be passed over.</summary>
    public bool TryRead<T>(TableEntity row, Func<TableEntity, T> read, [MaybeNullWhen(false)] out T value)
    {
        try
        {
            value = read(row);
            return true;
        }
        catch (Exception e)
        {
            PassOver(row, e);
            value = default;
            return false;
        }
    }

    /// <summary>Reads a row that was asked for.</summary>
    /// <exception cref="UnreadableRowException">It cannot be read.</exception>
    public T Read<T>(TableEntity row, Func<TableEntity, T> read) =>
        TryRead(row, read, out var value) ? value : throw new UnreadableRowException();

    /// <summary>Reads a row without which things go on as if there were none.</summary>
    public T? ReadOrDefault<T>(TableEntity? row, Func<TableEntity, T> read) =>
        row is not null && TryRead(row, read, out var value) ? value : default;

    private void PassOver(TableEntity row, Exception problem)
    {
        metrics.PassedOverRow();
        Interlocked.Increment(ref _unread);
        if (_logTurn.TryTake())
        {
            LogPassedOver(
                Interlocked.Exchange(ref _unread, 0),
                problem.GetType().Name,
                TableKeys.KindOf(row.RowKey),
                row.PartitionKey ?? "",
                row.Timestamp?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) ?? "");
        }
    }

    [LoggerMessage(
        EventName = "UnreadableRow", Level = LogLevel.Error,
        Message = "Rows that cannot be read are passed over, {Rows} times since this was last said. The last: {Problem} in a row of kind {Kind}; find it by the filter PartitionKey eq '{Partition}' and Timestamp eq datetime'{Timestamp}'.")]
    private partial void LogPassedOver(int rows, string problem, string kind, string partition, string timestamp);
}
