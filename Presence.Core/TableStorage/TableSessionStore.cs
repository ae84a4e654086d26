using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>The sessions in Table Storage: a row each, in the shard of their participant.</summary>
internal sealed class TableSessionStore(PresenceTable table, RowReader rows) : ISessionStore
{
    private const string IssuedAt = nameof(StoredSession.IssuedAt);
    private const string ExpiresAt = nameof(StoredSession.ExpiresAt);

    public Task AddAsync(PresenceKey participant, StoredSession session, CancellationToken cancellationToken) =>
        table.PromptAsync(
            PartitionOf(participant),
            (client, token) => client.UpsertEntityAsync(
                new TableEntity(PartitionOf(participant), TableKeys.Session(participant, session.TokenHash))
                {
                    [IssuedAt] = session.IssuedAt,
                    [ExpiresAt] = session.ExpiresAt,
                },
                TableUpdateMode.Replace,
                token),
            cancellationToken);

    public async Task<StoredSession?> FindAsync(PresenceKey participant, string tokenHash, CancellationToken cancellationToken) =>
        await table.FindAsync(PartitionOf(participant), TableKeys.Session(participant, tokenHash), cancellationToken) is { } found
            ? rows.Read(found, row => new StoredSession(tokenHash, row.GetDateTimeOffset(IssuedAt), row.GetDateTimeOffset(ExpiresAt)!.Value))
            : null;

    public async Task<IReadOnlyList<StoredSession>> RemoveAllAsync(PresenceKey participant, CancellationToken cancellationToken)
    {
        var prefix = TableKeys.Session(participant, "");
        return await RemoveAsync(TablePresenceStore.Range(ShardOf(participant), prefix), cancellationToken);
    }

    public async Task<int> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        (await Task.WhenAll(table.Shards.Select(shard => CountAsync(shard, now, cancellationToken)))).Sum();

    public async Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var shard in table.Shards)
        {
            var filter = TablePresenceStore.Range(shard, TableKeys.SessionPrefix).And($"ExpiresAt le {now}");
            removed += (await RemoveAsync(filter, cancellationToken)).Count;
        }

        return removed;
    }

    private async Task<int> CountAsync(int shard, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var filter = TablePresenceStore.Range(shard, TableKeys.SessionPrefix).And($"ExpiresAt gt {now}");
        return await table.QueryAsync(filter, TablePresenceStore.KeyOnly, cancellationToken).CountAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<StoredSession>> RemoveAsync(RowFilter filter, CancellationToken cancellationToken)
    {
        var sessions = await table.QueryAsync(filter, select: null, cancellationToken).ToListAsync(cancellationToken);
        foreach (var some in sessions.Chunk(RowRemoval.Most))
        {
            await table.PatientlyAsync(filter.Partition, (client, token) => RowRemoval.RemoveAsync(client, some, token), cancellationToken);
        }

        return [.. sessions.Select(ToSession)];
    }

    /// <summary>What it was is known by its key alone, whatever the row holds.</summary>
    private static StoredSession ToSession(TableEntity row) => new(
        row.RowKey[(row.RowKey.LastIndexOf(TableKeys.Separator) + 1)..],
        row[IssuedAt] as DateTimeOffset?,
        row[ExpiresAt] as DateTimeOffset? ?? default);

    private int ShardOf(PresenceKey participant) => TableKeys.Shard(participant, table.ShardCount);

    private string PartitionOf(PresenceKey participant) => TableKeys.Partition(ShardOf(participant));
}
