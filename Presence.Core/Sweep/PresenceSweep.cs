using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Metrics;
using Presence.Core.Ports;

namespace Presence.Core.Sweep;

/// <summary>
/// Finds the users whom time alone has changed, and lets the engine change them. Costs one query per shard and one write per user due,
/// whatever the number of users. Safe to run anywhere, any time, many at once: each change still has one winner.
/// </summary>
public sealed partial class PresenceSweep(
    IDueStore store, PresenceEngine engine, ConnectionCheck check, IMaintenanceStore maintenance, PresenceMetrics metrics,
    TimeProvider time, ILogger<PresenceSweep> logger)
{
    private const int ShardsAtOnce = 16;
    private const int UsersAtOncePerShard = 4;

    /// <summary>Sweeps all shards.</summary>
    /// <exception cref="StoreUnavailableException">No shard could be swept.</exception>
    public async Task<SweepReport> RunAsync(CancellationToken cancellationToken)
    {
        using var span = Tracing.StartSweeping();
        var startedAt = time.GetUtcNow().ToWholeMilliseconds();
        var started = time.GetTimestamp();
        var changes = new ConcurrentBag<Change>();
        var failed = 0;
        try
        {
            await Parallel.ForAsync(
                0,
                store.ShardCount,
                new ParallelOptions { MaxDegreeOfParallelism = ShardsAtOnce, CancellationToken = cancellationToken },
                async (shard, token) =>
                {
                    try
                    {
                        await SweepShardAsync(shard, startedAt, changes, token);
                    }
                    catch (Exception e) when (e is not OperationCanceledException)
                    {
                        LogShardFailed(shard, e);
                        Interlocked.Increment(ref failed);
                    }
                });
        }
        catch (OperationCanceledException) when (!changes.IsEmpty)
        {
            // The host stops. The next sweep finds the rest, but nobody else announces what was done.
        }

        var report = new SweepReport(
            startedAt, time.GetElapsedTime(started), changes.Count, failed, [.. changes.SelectMany(c => c.Transitions)]);
        span.Swept(report.Due, report.Transitions.Length, failed);
        metrics.Swept(report.Duration, report.Due, failed, store.ShardCount);

        // What was done before they failed must still be announced.
        if (failed == store.ShardCount && changes.IsEmpty)
        {
            throw new StoreUnavailableException("No shard could be swept.");
        }

        await KeepAsync(report, cancellationToken);
        return report;
    }

    private Task SweepShardAsync(int shard, DateTimeOffset now, ConcurrentBag<Change> changes, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            store.DueAsync(shard, now, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = UsersAtOncePerShard, CancellationToken = cancellationToken },
            async (due, token) =>
            {
                var happened = await check.WhatHappenedAsync(due.Records.Online!, now, token);
                var change = await engine.ApplyAsync(due.User, happened, token, known: due);
                changes.Add(change);
                if (change.Before.Online is { } online && change.Transitions.Any(t => t.View.Status == PresenceStatus.Offline))
                {
                    metrics.SetOffline(time.GetUtcNow() - online.DueAt);
                }
            });

    /// <summary>What was done must be announced even if nobody can be told that a sweep took place.</summary>
    private async Task KeepAsync(SweepReport report, CancellationToken cancellationToken)
    {
        try
        {
            await maintenance.KeepLastSweepAsync(report, cancellationToken);
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            LogNotKept(e);
        }
    }

    [LoggerMessage(EventName = "ShardNotSwept", Level = LogLevel.Error, Message = "Shard {Shard} could not be swept to its end.")]
    private partial void LogShardFailed(int shard, Exception exception);

    [LoggerMessage(EventName = "SweepNotKept", Level = LogLevel.Warning, Message = "The report of the sweep could not be stored.")]
    private partial void LogNotKept(Exception exception);
}
