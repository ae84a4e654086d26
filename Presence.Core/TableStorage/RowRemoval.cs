using Azure;
using Azure.Data.Tables;

namespace Presence.Core.TableStorage;

/// <summary>Removes rows of one partition whatever they hold; those that are gone already are no error.</summary>
internal static class RowRemoval
{
    /// <summary>Removes up to 100 rows in one request.</summary>
    public static async Task<bool> RemoveAsync(TableClient client, TableEntity[] rows, CancellationToken cancellationToken)
    {
        if (rows.Length > 1 && await TryTogetherAsync(client, rows, cancellationToken))
        {
            return true;
        }

        // One that is gone refuses the whole: one by one, so that none of the others stays.
        foreach (var row in rows)
        {
            await client.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
        }

        return true;
    }

    private static async Task<bool> TryTogetherAsync(TableClient client, TableEntity[] rows, CancellationToken cancellationToken)
    {
        try
        {
            await client.SubmitTransactionAsync(
                rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellationToken);
            return true;
        }
        catch (TableTransactionFailedException e) when (e.IsMissingRow())
        {
            return false;
        }
    }
}
