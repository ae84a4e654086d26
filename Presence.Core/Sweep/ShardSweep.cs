using Microsoft.Extensions.Logging;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Metrics;
using Presence.Core.Ports;

namespace Presence.Core.Sweep;

/// <summary>
/// One shard's part of a sweep. Users come first, and what one of them fails with is no reason to leave out the others; then the duties that
/// were left undone, as many as one sweep has time for.
/// </summary>
internal sealed class ShardSweep(
    IDueStore store, PresenceEngine engine, Outbox outbox, ConnectionCheck check, PresenceMetrics metrics, TimeProvider time, ILogger logger)
{
    /// <summary>How many users are changed together, as far as one transaction holds them, and for how many connections are asked for at once.</summary>
    private const int UsersTogether = 100;

    private const int ChecksAtOnce = 4;

    /// <summary>One waits for storage while the next is asked about.</summary>
    private const int GroupsAtOnce = 2;
    private const int MostDuties = 500;

    private int _due;
    private int _outOfReach;
    private int _transitions;
    private int _duties;
    private int _left;

    /// <summary>How many users were due.</summary>
    public int Due => _due;

    /// <summary>How many of them could not be looked at for want of storage.</summary>
    public int OutOfReach => _outOfReach;

    /// <summary>How many changes of status there were.</summary>
    public int Transitions => _transitions;

    /// <summary>How many duties were found undone, of which <see cref="Left"/> still are.</summary>
    public int Duties => _duties;

    /// <summary>How many duties are still undone.</summary>
    public int Left => _left;

    /// <summary>Sweeps the shard.</summary>
    /// <exception cref="StoreUnavailableException">The shard cannot be read to its end.</exception>
    public async Task RunAsync(int shard, DateTimeOffset now, TimeSpan patience, CancellationToken cancellationToken)
    {
        var undone = new List<StoredDuty>();
        var delivered = new List<Task>();
        try
        {
            await Parallel.ForEachAsync(
                UsersAsync(shard, now, undone, cancellationToken).Chunk(UsersTogether),
                new ParallelOptions { MaxDegreeOfParallelism = GroupsAtOnce, CancellationToken = cancellationToken },
                async (due, token) => await SweepAsync(due, now, patience, delivered, token));
        }
        finally
        {
            // What was done must be told even if the rest failed.
            await Task.WhenAll(delivered);
            _duties = undone.Count;
            _left = await outbox.RedoAsync(undone, cancellationToken);
        }
    }

    /// <summary>The users of the rows that are due; sets the duties aside, up to what one sweep does.</summary>
    private async IAsyncEnumerable<StoredUser> UsersAsync(
        int shard, DateTimeOffset now, List<StoredDuty> undone,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (user, duty) in store.DueAsync(shard, now, cancellationToken))
        {
            if (user is not null)
            {
                yield return user;
            }
            else if (undone.Count < MostDuties)
            {
                undone.Add(duty!);
            }
            else
            {
                yield break;
            }
        }
    }

    private async ValueTask SweepAsync(
        StoredUser[] due, DateTimeOffset now, TimeSpan patience, List<Task> delivered, CancellationToken cancellationToken)
    {
        Interlocked.Add(ref _due, due.Length);
        var happened = new PresenceEvent?[due.Length];
        await Parallel.ForAsync(
            0,
            due.Length,
            new ParallelOptions { MaxDegreeOfParallelism = ChecksAtOnce, CancellationToken = cancellationToken },
            async (i, token) => await TryAsync(
                async () => happened[i] = await check.WhatHappenedAsync(due[i].Records.Online!, now, patience, token)));
        var known = due.Zip(happened).Where(d => d.Second is not null).Select(d => (d.First, d.Second!)).ToList();
        await foreach (var change in engine.CommitManyAsync(known, cancellationToken))
        {
            await TryAsync(async () => Count(await change, delivered));
        }
    }

    private void Count(CommittedChange committed, List<Task> delivered)
    {
        lock (delivered)
        {
            delivered.Add(committed.Delivered);
        }

        var change = committed.Change;
        if (change.IsOfStatus)
        {
            Interlocked.Increment(ref _transitions);
            if (change.After.Status == PresenceStatus.Offline && change.Before.Online is { } online)
            {
                metrics.SetOffline(time.GetUtcNow() - online.DueAt);
            }
        }
    }

    /// <summary>What one user fails with is no reason to leave out the others.</summary>
    private async ValueTask TryAsync(Func<Task> something)
    {
        try
        {
            await something();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            SweepLog.UserNotSwept(logger, e);
            Interlocked.Add(ref _outOfReach, e is StoreUnavailableException ? 1 : 0);
        }
    }
}
