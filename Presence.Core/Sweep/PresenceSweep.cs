using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Sweep;

/// <summary>
/// Finds the users whom time alone has changed, and lets the engine change them; and the duties that nobody has done, and lets the outbox
/// do them. Costs one query per shard, and one write for as many users of a shard who are due as 100 rows hold. Safe to run anywhere, any time, many at
/// once: each change still has one winner.
/// </summary>
public sealed class PresenceSweep
{
    /// <summary>Of each part: the shards of one that does not answer take no turn of those of another.</summary>
    private const int ShardsAtOnce = 16;

    /// <summary>A sweep ends with its interval, or after so long if that is longer: the next one finds what it has left.</summary>
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(10);

    /// <summary>However rare sweeps are, no host lets a function run for much longer.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(5);

    /// <summary>That is for what is under way by then: a write, telling of it, and the report, each of which has its own time.</summary>
    private const double ShareToBegin = 0.5;

    private static readonly TimeSpan KeepWithin = TimeSpan.FromSeconds(2);

    private readonly IDueStore _store;
    private readonly PresenceEngine _engine;
    private readonly Outbox _outbox;
    private readonly ConnectionCheck _check;
    private readonly IMaintenanceStore _maintenance;
    private readonly PresenceOptions _options;
    private readonly PresenceMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<PresenceSweep> _logger;
    private readonly SweepGaps _gaps;
    private (int Duties, long At) _left;

    internal PresenceSweep(
        IDueStore store, PresenceEngine engine, Outbox outbox, ConnectionCheck check, IMaintenanceStore maintenance,
        IOptions<PresenceOptions> options, PresenceMetrics metrics, TimeProvider time, ILogger<PresenceSweep> logger)
    {
        (_store, _engine, _outbox, _check, _maintenance) = (store, engine, outbox, check, maintenance);
        (_options, _metrics, _time, _logger) = (options.Value, metrics, time, logger);
        _gaps = new SweepGaps(maintenance, _options, time);

        // Once another instance sweeps, what this one left is for that one to tell.
        metrics.ObservePendingAnnouncements(() => _time.GetElapsedTime(_left.At) <= _gaps.Longest ? _left.Duties : 0);
    }

    /// <summary>Sweeps all shards.</summary>
    /// <exception cref="StoreUnavailableException">No shard could be swept.</exception>
    public async Task<SweepReport> RunAsync(CancellationToken cancellationToken)
    {
        using var span = Tracing.StartSweeping();
        using var limit = new CancellationTokenSource(Longest * ShareToBegin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var report = await SweepAsync(either.Token);
        span.Swept(report.Due, report.Transitions, report.FailedShards);
        _metrics.Swept(report.Duration, report.Due, report.FailedShards, _store.ShardCount);
        _left = (report.DutiesLeft, _time.GetTimestamp());
        if (report.FailedShards == _store.ShardCount && report.Due == 0)
        {
            throw new StoreUnavailableException("No shard could be swept.");
        }

        if (report.FailedShards == 0)
        {
            _gaps.Swept();
        }

        await KeepAsync(report, cancellationToken);
        return report;
    }

    private TimeSpan Longest
    {
        get
        {
            var interval = Schedules.IntervalAt(_options.SweepSchedule, _time.GetUtcNow());
            return interval < LeastTime ? LeastTime : interval < MostTime ? interval : MostTime;
        }
    }

    private async Task<SweepReport> SweepAsync(CancellationToken cancellationToken)
    {
        var startedAt = _time.GetUtcNow().ToWholeMilliseconds();
        var started = _time.GetTimestamp();
        var patience = await _gaps.PatienceAsync(cancellationToken);
        var shards = new ConcurrentBag<(ShardSweep Sweep, bool IsWhole)>();
        await Task.WhenAll(_store.Parts.Select(part => Parallel.ForEachAsync(
            part,
            new ParallelOptions { MaxDegreeOfParallelism = ShardsAtOnce },
            async (shard, _) => shards.Add(await SweepShardAsync(shard, startedAt, patience, cancellationToken)))));
        return new(
            startedAt,
            _time.GetElapsedTime(started),
            shards.Sum(s => s.Sweep.Due),
            shards.Count(s => !s.IsWhole || s.Sweep.OutOfReach > 0),
            shards.Sum(s => s.Sweep.Transitions),
            shards.Sum(s => s.Sweep.Duties),
            shards.Sum(s => s.Sweep.Left),
            _gaps.ResumedAt);
    }

    private async Task<(ShardSweep Sweep, bool IsWhole)> SweepShardAsync(
        int shard, DateTimeOffset startedAt, TimeSpan patience, CancellationToken cancellationToken)
    {
        var sweep = new ShardSweep(_store, _engine, _outbox, _check, _metrics, _time, _logger);
        try
        {
            await sweep.RunAsync(shard, startedAt, patience, cancellationToken);
            return (sweep, IsWhole: true);
        }
        catch (Exception e)
        {
            SweepLog.ShardNotSwept(_logger, shard, e);
            return (sweep, IsWhole: false);
        }
    }

    /// <summary>What was done is done even if nobody can be told that a sweep took place.</summary>
    private async Task KeepAsync(SweepReport report, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(KeepWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _maintenance.KeepLastSweepAsync(report, either.Token);
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            SweepLog.NotKept(_logger, e);
        }
    }
}
