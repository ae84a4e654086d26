using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.TableStorage;

namespace Presence.Benchmarks.Events;

/// <summary>Events by the thousand, written past all of Core.</summary>
internal static class RawEvents
{
    /// <summary>So many in each shard, one after each pause, each of another user.</summary>
    public static Task AddEventsAsync(
        this TableClient table, DateTimeOffset first, TimeSpan pause, int ofEach, int shards, CancellationToken cancellationToken) =>
        Parallel.ForAsync(0, shards, cancellationToken, async (shard, token) =>
        {
            var partition = TableKeys.Partition(shard);
            foreach (var some in Enumerable.Range(0, ofEach).Select(i => EventAt(first + (i * pause), $"of-{shard}-{first.UtcTicks}-{i}")).Chunk(RowRemoval.Most))
            {
                await table.SubmitTransactionAsync(
                    some.Select(told => new TableTransactionAction(TableTransactionActionType.Add, told.ToEntity(partition, told.At, previousAt: null))), token);
            }
        });

    private static UserEvent EventAt(DateTimeOffset at, string userId)
    {
        var user = PresenceKey.Registered(userId);
        return new(UserEventKind.Status, user, at.UtcTicks, at)
        {
            View = default(UserRecords).ViewOf(user) with { LastSeenAt = at, Version = at.UtcTicks }, Conversations = ["team-1"],
        };
    }
}
