using Azure;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using Presence.Simulation.Services;

namespace Presence.Simulation.Storage;

/// <summary>The sessions of users in the simulated table: written in their transactions, and removed with their user. Nobody reads them but the checks.</summary>
internal sealed class HistoryStore(Table table, Wire wire, int shards) : IHistoryStore
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);

    public Task<int> RemoveAsync(PresenceKey user, CancellationToken cancellationToken) =>
        wire.CallAsync($"remove history of {user}", Patient, () => Remove(user), null, cancellationToken);

    public Task<IReadOnlyList<Session>> ReadAsync(PresenceKey user, DateOnly fromDay, DateOnly toDay, CancellationToken cancellationToken) => throw NotHere();

    public IAsyncEnumerable<(PresenceKey User, Session Session)> SessionsAsync(DateOnly fromDay, CancellationToken cancellationToken) => throw NotHere();

    public Task<int> RemoveOldAsync(DateOnly firstKept, CancellationToken cancellationToken) => throw NotHere();

    private int Remove(PresenceKey user)
    {
        var partition = TableKeys.Partition(TableKeys.Shard(user, shards));
        List<TableEntity> rows = [.. table.Query(partition, TableKeys.HistoryPrefix).Where(row => TableKeys.UserOfHistory(row.RowKey) == user)];
        if (rows.Count > 0)
        {
            table.TrySubmit(partition, [.. rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All))]);
        }

        return rows.Count;
    }

    private static NotSupportedException NotHere() => new("Nobody asks for history here.");
}
