using Azure;
using Azure.Data.Tables;

namespace Presence.Core.TableStorage;

/// <summary>
/// Removes rows of one partition: as they were read, or, of those that were not read, whatever they hold. One that is gone, or has changed
/// since it was read, is no error.
/// </summary>
internal static class RowRemoval
{
    /// <summary>The most rows of one request.</summary>
    public const int Most = 100;

    /// <summary>All that has to be read of a row that is removed whatever it holds.</summary>
    public static readonly string[] KeysOnly = [nameof(ITableEntity.PartitionKey), nameof(ITableEntity.RowKey)];

    /// <summary>Removes the rows of one partition that a filter finds.</summary>
    /// <returns>How many it found.</returns>
    public static Task<int> RemoveAsync(PresenceTable table, RowFilter filter, CancellationToken cancellationToken) =>
        RemoveAsync(table, filter.Partition, table.QueryAsync(filter, KeysOnly, cancellationToken), cancellationToken);

    /// <summary>Removes the rows given, all of one partition.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<int> RemoveAsync(
        PresenceTable table, string partition, IAsyncEnumerable<TableEntity> all, CancellationToken cancellationToken)
    {
        var found = 0;
        await foreach (var rows in all.Chunk(Most).WithCancellation(cancellationToken))
        {
            found += rows.Length;
            await table.PatientlyAsync(partition, (client, token) => RemoveAsync(client, rows, token), cancellationToken);
        }

        return found;
    }

    /// <summary>Removes up to <see cref="Most"/> rows in one request, and one more for each that is no error.</summary>
    public static async Task<bool> RemoveAsync(TableClient client, TableEntity[] rows, CancellationToken cancellationToken)
    {
        var left = rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ConditionOf(row))).ToList();
        while (left.Count > 0)
        {
            try
            {
                await client.SubmitTransactionAsync(left, cancellationToken);
                return true;
            }
            catch (TableTransactionFailedException e) when (e.IsConflict() && e.FailedTransactionActionIndex < left.Count)
            {
                left.RemoveAt(e.FailedTransactionActionIndex.Value);
            }
        }

        return true;
    }

    private static ETag ConditionOf(TableEntity row) => row.ETag == default ? ETag.All : row.ETag;
}
