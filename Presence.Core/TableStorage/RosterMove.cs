using Azure.Data.Tables;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Presence.Core.Concurrency;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>
/// Moves the rosters of a table that an older version made to the partitions of their conversations, once. While it goes on rosters are read
/// in both places. Any number of instances may do it, end half-way and begin anew: a row is written where it belongs before it is removed
/// where it was.
/// </summary>
internal sealed partial class RosterMove(PresenceTable table, RowReader rows, TimeProvider time, ILogger<RosterMove> logger) : BackgroundService
{
    /// <summary>A page.</summary>
    private const int Together = 1_000;

    private const int ConversationsAtOnce = 16;

    /// <summary>From reading a row on; long before anybody stops to expect what was before: see <see cref="RosterRows.GoneFor"/>.</summary>
    private static readonly TimeSpan WriteWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(10);

    /// <summary>Moves what there is to be moved.</summary>
    /// <returns>How many rows were moved.</returns>
    /// <exception cref="StoreUnavailableException">The storage is out of reach; what is moved is moved.</exception>
    internal async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (await table.HasRostersByConversationAsync(cancellationToken))
        {
            return 0;
        }

        var (moved, began) = (0, time.GetTimestamp());
        LogBegins();
        foreach (var shard in table.Shards)
        {
            var all = RowFilter.Prefixed(TableKeys.Partition(shard), TableKeys.RosterPrefix);
            int some;
            do
            {
                moved += some = await MoveSomeAsync(all, cancellationToken);
            }
            while (some > 0);
        }

        await table.KeepRostersByConversationAsync(cancellationToken);
        var seconds = time.GetElapsedTime(began).TotalSeconds;
        LogMoved(moved, seconds);
        return moved;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
                return;
            }
            catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
            {
                LogLater(e);
                await Task.Delay(TryAgainAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>A row that cannot be read says nothing, and goes.</summary>
    private async Task<int> MoveSomeAsync(RowFilter all, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(WriteWithin, time, cancellationToken);
        var some = await table.QueryAsync(all, select: null, cancellationToken).Take(Together).ToListAsync(cancellationToken);
        var readable = some.Select(row => rows.TryRead(row, OldRosterRows.Moved, out var moved) ? moved : null).OfType<TableEntity>();
        await Parallel.ForEachAsync(
            readable.GroupBy(row => row.PartitionKey).SelectMany(conversation => conversation.Chunk(RowRemoval.Most)),
            new ParallelOptions { MaxDegreeOfParallelism = ConversationsAtOnce },
            async (together, _) =>
            {
                limit.ThrowIfOver();
                await table.TrySubmitAsync(
                    [.. together.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row))], cancellationToken);
            });
        foreach (var old in some.Chunk(RowRemoval.Most))
        {
            await table.PatientlyAsync(all.Partition, (client, token) => RowRemoval.RemoveAsync(client, old, token), cancellationToken);
        }

        return some.Count;
    }

    [LoggerMessage(
        EventName = "RostersMoving", Level = LogLevel.Information,
        Message = "The rosters of this table lie with their users, as an older version kept them; they are moved to their conversations.")]
    private partial void LogBegins();

    [LoggerMessage(EventName = "RostersMoved", Level = LogLevel.Information, Message = "The rosters lie by conversation now: {Rows} rows moved in {Seconds:F1} s.")]
    private partial void LogMoved(int rows, double seconds);

    [LoggerMessage(EventName = "RostersNotMoved", Level = LogLevel.Warning, Message = "The rosters could not all be moved yet; this goes on in 10 s.")]
    private partial void LogLater(Exception exception);
}
