using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.TableStorage;

namespace Presence.Tests.Core.TableStorage;

/// <summary>Events by the thousand, written past all of Core.</summary>
internal static class RawEvents
{
    /// <summary>So many in each shard, from a moment on one every 100 ns.</summary>
    public static async Task AddEventsAsync(this TableClient table, DateTimeOffset from, int count, int shards, CancellationToken cancellationToken)
    {
        for (var shard = 0; shard < shards; shard++)
        {
            var partition = TableKeys.Partition(shard);
            var events = Enumerable.Range(0, count).Select(i =>
                new UserEvent(UserEventKind.Erased, PresenceKey.Registered($"of-{shard}-{i}"), from.UtcTicks + i, from).ToEntity(partition, from.AddTicks(i), previousAt: null));
            foreach (var some in events.Chunk(100))
            {
                await table.SubmitTransactionAsync(some.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellationToken);
            }
        }
    }
}
