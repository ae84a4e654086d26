using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Presence.Core.Concurrency;
using Presence.Core.Ledger;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Retention;

/// <summary>
/// Removes the events that have had their time. There are far more of them than of anything else, so it is done a little at a time, with each census, and ends
/// after half the time to the next one; what is left then, or when it is cut off, the next run finds. Safe to run anywhere, any time, many at once.
/// </summary>
/// <remarks>
/// Of each shard one request is on its way, and after some of them as long a rest as they took: transactions of 100 rows one after the other would
/// take all that one partition can do (2,000 rows a second) from the calls of its users. Several at once of one partition would gain nothing.
/// </remarks>
public sealed partial class EventExpiry(IEventStore events, IOptions<PresenceOptions> options, TimeProvider time, ILogger<EventExpiry> logger)
{
    /// <summary>So many are removed of a shard before it is the turn of the next: a page of a query.</summary>
    internal const int AtOnce = 1_000;

    /// <summary>Of each account: half of what upkeep may have on its way, so that whoever reads the feed, and the sweep, are not kept waiting.</summary>
    private const int ShardsAtOnce = 8;

    private const double ShareOfInterval = 0.5;

    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(2);

    /// <summary>Cursors from before this moment are known to be refused, in ticks.</summary>
    private long _refusedUntil;

    /// <summary>Removes what has had its time, as far as it gets.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="StoreUnavailableException">Some of the storage is out of reach; what was removed until then stays removed.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var until = EventTimes.RemovedUntil(now, options.Value);
        await RefuseAsync(until, now, cancellationToken);
        using var limit = new TimeLimit(Longest(now), time, cancellationToken);
        var parts = await Task.WhenAll(events.Parts.Select(part => RemoveAsync(part, until, limit, cancellationToken)));
        if (parts.Sum(part => part.Left) is > 0 and var left)
        {
            LogLeft(left);
        }

        return parts.Sum(part => part.Removed);
    }

    /// <summary>
    /// Whoever has a cursor from before what is removed must hear of it, even if events are kept for longer some day. Cursors are refused an hour before
    /// events go: so it is enough to say it once an hour. Where no events are written, it is said of each moment.
    /// </summary>
    private async Task RefuseAsync(DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Interlocked.Read(ref _refusedUntil) < until.UtcTicks)
        {
            var refused = options.Value.EventRetention == TimeSpan.Zero ? now : EventTimes.FirstGood(now, options.Value);
            await events.RaiseCompleteSinceAsync(refused, cancellationToken);
            Interlocked.Exchange(ref _refusedUntil, refused.UtcTicks);
        }
    }

    private TimeSpan Longest(DateTimeOffset now)
    {
        var half = Schedules.IntervalAt(options.Value.CensusSchedule, now) * ShareOfInterval;
        return half < LeastTime ? LeastTime : half < MostTime ? half : MostTime;
    }

    /// <summary>Shard after shard has its turn, again and again, until nothing is left or the time is over. How many shards may have more.</summary>
    private async Task<(int Removed, int Left)> RemoveAsync(IReadOnlyList<int> shards, DateTimeOffset until, TimeLimit limit, CancellationToken cancellationToken)
    {
        var (removed, waiting) = (0, new ConcurrentQueue<int>(shards));
        await Task.WhenAll(Enumerable.Range(0, Math.Min(ShardsAtOnce, shards.Count)).Select(async _ =>
        {
            while (!limit.IsOver && waiting.TryDequeue(out var shard))
            {
                var began = time.GetTimestamp();
                var some = await events.RemoveOldAsync(shard, until, AtOnce, cancellationToken);
                Interlocked.Add(ref removed, some);
                if (some == AtOnce)
                {
                    waiting.Enqueue(shard);
                    await Task.Delay(time.GetElapsedTime(began), time, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }));
        cancellationToken.ThrowIfCancellationRequested();
        return (removed, waiting.Count);
    }

    [LoggerMessage(
        EventName = "OldEventsLeft", Level = LogLevel.Warning,
        Message = "The time was over before all old events of {Shards} shards were removed; the next run goes on.")]
    private partial void LogLeft(int shards);
}
