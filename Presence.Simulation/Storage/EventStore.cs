using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using Presence.Simulation.Services;

namespace Presence.Simulation.Storage;

/// <summary>The events in the simulated table, asked request by request as the real store asks, and with the real one's keys and rows.</summary>
internal sealed class EventStore(Table table, Wire wire, int shards) : IEventStore
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);

    public int ShardCount => shards;

    public async IAsyncEnumerable<StoredEvent> ReadAsync(
        int shard, EventPosition after, EventPosition until, int atOnce, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (List<StoredEvent>? page = null; page is null || page.Count == atOnce; after = page[^1].Position)
        {
            var from = after;
            page = await wire.CallAsync("events", Patient, () => Page(TableKeys.Partition(shard), from, until, atOnce), null, cancellationToken);
            foreach (var stored in page)
            {
                yield return stored;
            }

            if (page.Count == 0)
            {
                yield break;
            }
        }
    }

    /// <summary>Events are kept for the same time all along, and removed with their user alone.</summary>
    public ValueTask<DateTimeOffset> CompleteSinceAsync(CancellationToken cancellationToken) => new(DateTimeOffset.MinValue);

    public Task RaiseCompleteSinceAsync(DateTimeOffset moment, CancellationToken cancellationToken) => throw NoCleanup();

    public Task<int> RemoveAsync(PresenceKey user, DateTimeOffset? last, DateTimeOffset erasedAt, bool isSought, CancellationToken cancellationToken)
    {
        var partition = TableKeys.Partition(TableKeys.Shard(user, shards));
        var chain = new EventChain(
            user,
            key => wire.CallAsync("event", Patient, () => table.Find(partition, key), null, cancellationToken),
            actions => wire.CallAsync("remove events", Patient, () => table.TrySubmit(partition, actions) is null, () => false, cancellationToken),
            until => wire.CallAsync(
                "remove events of one", Patient, () => Of(partition, user, EventPosition.EndOf(until)).Count(row => Remove(partition, row)), null, cancellationToken));
        return chain.RemoveAsync(last, erasedAt, isSought);
    }

    public Task<int> RemoveOldAsync(int shard, DateTimeOffset sentUntil, int most, CancellationToken cancellationToken) => throw NoCleanup();

    private static NotSupportedException NoCleanup() => new("No clean-up takes place here.");

    private List<StoredEvent> Page(string partition, EventPosition after, EventPosition until, int atOnce) =>
    [
        .. table.Query(partition, TableKeys.EventPrefix).Where(row => TableKeys.OfEvent(row.RowKey).Position is var position && position > after && position <= until)
            .OrderBy(row => row.RowKey, StringComparer.Ordinal).Take(atOnce).Select(EventRows.ToStoredEvent),
    ];

    private List<TableEntity> Of(string partition, PresenceKey user, EventPosition until) =>
    [
        .. table.Query(partition, TableKeys.EventPrefix).Where(row => !row.IsOfErasure() && TableKeys.OfEvent(row.RowKey) is var (position, whose)
            && whose == user && position <= until),
    ];

    private bool Remove(string partition, TableEntity row) =>
        table.TrySubmit(partition, [new(TableTransactionActionType.Delete, row, ETag.All)]) is null;
}
