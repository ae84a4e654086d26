using Azure;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>The webhooks, a row each, beside what describes the table.</summary>
internal sealed class TableWebhookStore(PresenceTable table, RowReader rows) : IWebhookStore
{
    public async Task<IReadOnlyList<StoredWebhook>> ListAsync(CancellationToken cancellationToken)
    {
        var filter = RowFilter.Prefixed(TableKeys.MetaPartition, TableKeys.WebhookPrefix);
        List<StoredWebhook> webhooks = [];
        await foreach (var row in table.QueryAsync(filter, select: null, cancellationToken))
        {
            if (rows.TryRead(row, WebhookRows.ToWebhook, out var webhook))
            {
                webhooks.Add(new(webhook, row.ETag.ToString()));
            }
        }

        return webhooks;
    }

    public async Task<StoredWebhook?> FindAsync(string id, CancellationToken cancellationToken) =>
        await table.FindAsync(TableKeys.MetaPartition, TableKeys.Webhook(id), cancellationToken) is { } row
            ? new(rows.Read(row, WebhookRows.ToWebhook), row.ETag.ToString())
            : null;

    public Task AddAsync(Webhook webhook, CancellationToken cancellationToken) => table.PromptAsync(
        TableKeys.MetaPartition,
        async (client, token) =>
        {
            try
            {
                await client.AddEntityAsync(WebhookRows.ToEntity(webhook), token);
            }
            catch (RequestFailedException e) when (e.IsConflict())
            {
                // Its id is new: a retry has met its own success.
            }

            return true;
        },
        cancellationToken);

    public Task<StoredWebhook?> TryReplaceAsync(StoredWebhook before, Webhook after, CancellationToken cancellationToken) => table.PromptAsync(
        TableKeys.MetaPartition,
        async (client, token) =>
        {
            try
            {
                var answer = await client.UpdateEntityAsync(WebhookRows.ToEntity(after), new ETag(before.Tag), TableUpdateMode.Replace, token);
                return new StoredWebhook(after, answer.Headers.ETag!.Value.ToString());
            }
            catch (RequestFailedException e) when (e.IsConflict())
            {
                // Also where a retry has met its own success: whoever reads it again sees that.
                return null;
            }
        },
        cancellationToken);

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => table.PromptAsync(
        TableKeys.MetaPartition,
        async (client, token) => (await client.DeleteEntityAsync(TableKeys.MetaPartition, TableKeys.Webhook(id), ETag.All, token)).Status != 404,
        cancellationToken);
}
