using Azure;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using Presence.Simulation.Services;

namespace Presence.Simulation.Storage;

/// <summary>The sessions of guests in the simulated table.</summary>
internal sealed class SessionStore(Table table, Wire wire, int shards) : ISessionStore
{
    private const string IssuedAt = nameof(StoredSession.IssuedAt);
    private const string ExpiresAt = nameof(StoredSession.ExpiresAt);
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(4.5);

    public Task AddAsync(PresenceKey participant, StoredSession session, CancellationToken cancellationToken)
    {
        var row = new TableEntity(PartitionOf(participant), TableKeys.Session(participant, session.TokenHash))
        {
            [IssuedAt] = session.IssuedAt,
            [ExpiresAt] = session.ExpiresAt,
        };
        return wire.CallAsync(
            "add session",
            Prompt,
            () => table.TrySubmit(row.PartitionKey, [new(TableTransactionActionType.UpsertReplace, row)]) is null,
            null,
            cancellationToken);
    }

    public Task<StoredSession?> FindAsync(PresenceKey participant, string tokenHash, CancellationToken cancellationToken) => wire.CallAsync(
        "find session",
        Prompt,
        () => table.Find(PartitionOf(participant), TableKeys.Session(participant, tokenHash)) is { } row ? ToSession(row) : null,
        null,
        cancellationToken);

    public Task<IReadOnlyList<StoredSession>> RemoveAllAsync(PresenceKey participant, CancellationToken cancellationToken) => wire.CallAsync(
        "remove sessions",
        Prompt,
        () =>
        {
            var partition = PartitionOf(participant);
            var rows = table.Query(partition, TableKeys.Session(participant, ""));
            foreach (var row in rows)
            {
                table.TrySubmit(partition, [new(TableTransactionActionType.Delete, row, ETag.All)]);
            }

            return (IReadOnlyList<StoredSession>)[.. rows.Select(ToSession)];
        },
        null,
        cancellationToken);

    public Task<int> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No statistics are made here.");

    public Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No clean-up takes place here.");

    private static StoredSession ToSession(TableEntity row) => new(
        row.RowKey[(row.RowKey.LastIndexOf(TableKeys.Separator) + 1)..], row.GetDateTimeOffset(IssuedAt), row.GetDateTimeOffset(ExpiresAt)!.Value);

    private string PartitionOf(PresenceKey participant) => TableKeys.Partition(TableKeys.Shard(participant, shards));
}
