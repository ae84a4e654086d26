using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>The keys of throttle tokens, a row each, beside what describes the table.</summary>
internal sealed class TableThrottleKeyStore(PresenceTable table) : IThrottleKeyStore
{
    private const string Secret = nameof(ThrottleKey.Secret);
    private const string MadeAt = nameof(ThrottleKey.MadeAt);

    public async Task<IReadOnlyList<ThrottleKey>> ListAsync(CancellationToken cancellationToken)
    {
        var filter = RowFilter.Prefixed(TableKeys.MetaPartition, TableKeys.ThrottleKeyPrefix);
        return await table.PromptAsync(filter.Partition, async (client, token) => await ListAsync(client, filter, token), cancellationToken);
    }

    public Task AddAsync(ThrottleKey key, CancellationToken cancellationToken) => table.PromptAsync(
        TableKeys.MetaPartition,
        async (client, token) =>
        {
            try
            {
                await client.AddEntityAsync(
                    new TableEntity(TableKeys.MetaPartition, KeyOf(key.Number)) { [Secret] = key.Secret, [MadeAt] = key.MadeAt }, token);
            }
            catch (RequestFailedException e) when (e.IsConflict())
            {
                // Another instance was first, or a retry met its own success: what counts is what is there now.
            }

            return true;
        },
        cancellationToken);

    public Task RemoveAsync(int number, CancellationToken cancellationToken) => table.PromptAsync(
        TableKeys.MetaPartition,
        (client, token) => client.DeleteEntityAsync(TableKeys.MetaPartition, KeyOf(number), ETag.All, token),
        cancellationToken);

    private static async Task<IReadOnlyList<ThrottleKey>> ListAsync(TableClient client, RowFilter filter, CancellationToken cancellationToken)
    {
        var keys = new List<ThrottleKey>();
        await foreach (var row in client.QueryAsync<TableEntity>(filter.ToString(), cancellationToken: cancellationToken))
        {
            // A row that somebody has spoilt by hand is no key.
            if (int.TryParse(row.RowKey[TableKeys.ThrottleKeyPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && row.TryGetValue(Secret, out var secret) && secret is byte[] { Length: 32 } bytes
                && row.TryGetValue(MadeAt, out var madeAt) && madeAt is DateTimeOffset moment)
            {
                keys.Add(new(number, bytes, moment));
            }
        }

        return keys;
    }

    private static string KeyOf(int number) => TableKeys.ThrottleKeyPrefix + number.ToString("d10", CultureInfo.InvariantCulture);
}
