using Azure;
using Azure.Data.Tables;

namespace Presence.Core.TableStorage;

/// <summary>Rows that all instances share, each changed by compare-and-swap.</summary>
internal sealed class SharedRow(PresenceTable table, RowReader rows)
{
    private const string WriteId = "WriteId";

    /// <summary>A row and its tag; null for none. One that cannot be read has its tag alone.</summary>
    public async Task<(string Tag, T? Value)?> FindAsync<T>(string rowKey, Func<TableEntity, T> read, CancellationToken cancellationToken)
        where T : class =>
        await table.FindPatientlyAsync(TableKeys.MetaPartition, rowKey, cancellationToken) is { } row
            ? (row.ETag.ToString(), rows.ReadOrDefault(row, read))
            : null;

    /// <summary>
    /// Adds a row where there is no tag, else replaces it if it still has the one given. False if it has not; where it has not because this very write
    /// was applied, and its answer lost on the way, the row says so by the id of the write.
    /// </summary>
    public Task<bool> TryKeepAsync(TableEntity row, string? tag, CancellationToken cancellationToken)
    {
        var writeId = Guid.NewGuid().ToString("N");
        row[WriteId] = writeId;
        return table.PatientlyAsync(
            row.PartitionKey,
            async (client, token) =>
            {
                try
                {
                    await (tag is null ? client.AddEntityAsync(row, token) : client.UpdateEntityAsync(row, new ETag(tag), TableUpdateMode.Replace, token));
                    return true;
                }
                catch (RequestFailedException e) when (e.IsConflict())
                {
                    var now = await client.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, [WriteId], token);
                    return now.HasValue && now.Value!.TryGetValue(WriteId, out var written) && writeId.Equals(written);
                }
            },
            cancellationToken);
    }
}
