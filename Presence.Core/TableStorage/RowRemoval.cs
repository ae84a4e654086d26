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

    /// <summary>Of several partitions so many are worked on at once: half of what upkeep may have on its way.</summary>
    private const int PartitionsAtOnce = 8;

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

    /// <summary>Removes the rows that each of several filters finds, of some partitions at once: with room for others who wait for storage.</summary>
    /// <returns>How many they found.</returns>
    public static async Task<int> RemoveAsync(PresenceTable table, IEnumerable<RowFilter> filters, CancellationToken cancellationToken)
    {
        var found = 0;
        await Parallel.ForEachAsync(
            filters,
            new ParallelOptions { MaxDegreeOfParallelism = PartitionsAtOnce, CancellationToken = cancellationToken },
            async (filter, token) => Interlocked.Add(ref found, await RemoveAsync(table, filter, token)));
        return found;
    }

    /// <summary>Removes a row, as it was read or, where only its keys were, whatever it holds.</summary>
    public static TableTransactionAction Of(TableEntity row) => new(TableTransactionActionType.Delete, row, ConditionOf(row));

    /// <summary>Sends a transaction with which there is no hurry. False if a row of it is gone, or has changed.</summary>
    public static Task<bool> TrySubmitAsync(
        PresenceTable table, string partition, IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken) => table.PatientlyAsync(
        partition,
        async (client, token) =>
        {
            try
            {
                await client.SubmitTransactionAsync(actions, token);
                return true;
            }
            catch (RequestFailedException e) when (e.IsConflict())
            {
                return false;
            }
        },
        cancellationToken);

    /// <summary>Removes up to <see cref="Most"/> rows in one request, and one more for each that is no error.</summary>
    public static async Task<bool> RemoveAsync(TableClient client, TableEntity[] rows, CancellationToken cancellationToken)
    {
        var left = rows.Select(Of).ToList();
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
