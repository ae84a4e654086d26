using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Throttle;

/// <summary>
/// Records the activity of many users that the application's backend tells of at once. Each goes the way of a call of its own; one with whom
/// that fails keeps it from no other.
/// </summary>
public sealed class ActivityBatch(ActivityRecorder recorder, IPresenceStore store, IOptions<PresenceOptions> options, PresenceMetrics metrics)
{
    /// <summary>
    /// Enough that those who come share what a crowd shares, such as rosters written for 50 together; few enough that none waits long for one of the
    /// 32 requests that an instance has on their way at once.
    /// </summary>
    private const int UsersAtOnce = 64;

    /// <summary>Records what the entries tell: of several about one user the latest, once.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="beganAt">When the request began: what is later counts as then.</param>
    /// <param name="cancellationToken">Ends it between two users.</param>
    /// <exception cref="StoreUnavailableException">The storage is out of reach, for every user with whom it was tried.</exception>
    public async Task<ActivityBatchResult> RecordAsync(
        IReadOnlyList<ToldActivity> entries, DateTimeOffset beganAt, CancellationToken cancellationToken)
    {
        var told = Latest(entries, beganAt);
        await Task.WhenAll(told.GroupBy(one => store.PartOf(one.User)).Select(part => RecordAsync([.. part], beganAt, cancellationToken)));

        var failed = told.Where(one => one.Failure is not null).ToList();
        if (failed.Count > 0 && failed.Count == told.Count && failed.TrueForAll(one => one.Failure is StoreUnavailableException))
        {
            ExceptionDispatchInfo.Throw(failed.MaxBy(one => ((StoreUnavailableException)one.Failure!).RetryAfter)!.Failure!);
        }

        var passive = entries.Count(entry => entry.IsPassive);
        var untold = entries.Count - passive - told.Count;
        CountWithoutRequest(passive, untold);
        return new(
            told.Count(one => one.Result is { Recorded: true }),
            told.Count(one => one.Result is { Throttled: true }),
            untold + told.Count(one => one.Result is { Recorded: false, Throttled: false }),
            passive,
            [.. failed.OrderBy(one => one.Index).Select(one => (one.Index, one.Failure!))]);
    }

    /// <summary>The latest activity of each user that is not so old that it is none.</summary>
    private List<Told> Latest(IReadOnlyList<ToldActivity> entries, DateTimeOffset beganAt) =>
    [
        .. entries.Index()
            .Where(entry => !entry.Item.IsPassive)
            .Select(entry => new Told(entry.Index, entry.Item.User, entry.Item.At < beganAt ? entry.Item.At : null))
            .Where(one => !(one.At <= beganAt - options.Value.OfflineAfter))
            .GroupBy(one => one.User)
            .Select(ofOne => ofOne.MaxBy(one => one.At ?? beganAt)!),
    ];

    /// <summary>Those of one part of the storage: while it is out of reach, those of another are recorded.</summary>
    private async Task RecordAsync(IReadOnlyList<Told> part, DateTimeOffset beganAt, CancellationToken cancellationToken)
    {
        var failures = 0;
        StoreUnavailableException? outOfReach = null;
        await Parallel.ForEachAsync(
            part,
            new ParallelOptions { MaxDegreeOfParallelism = UsersAtOnce, CancellationToken = cancellationToken },
            async (one, token) =>
            {
                // A few may fail for reasons of their own. Where as many have as go at once, storage is not asked for the others: each would wait.
                if (Volatile.Read(ref failures) >= UsersAtOnce)
                {
                    one.Failure = outOfReach;
                    return;
                }

                try
                {
                    one.Result = await recorder.RecordAsync(one.User, new PresenceEvent.Activity(beganAt, one.At), token: null, token);
                }
                catch (StoreUnavailableException e)
                {
                    one.Failure = outOfReach = e;
                    Interlocked.Increment(ref failures);
                }
                catch (Exception e) when (!token.IsCancellationRequested)
                {
                    one.Failure = e;
                }
            });
    }

    /// <summary>Not before it is certain that the batch is not to be told again as a whole.</summary>
    private void CountWithoutRequest(int passive, int ignored)
    {
        for (var i = 0; i < passive; i++)
        {
            recorder.Passive();
        }

        for (var i = 0; i < ignored; i++)
        {
            metrics.ActivityIgnored();
        }
    }

    /// <summary>The entry that tells of a user, and what became of it.</summary>
    private sealed class Told(int index, PresenceKey user, DateTimeOffset? at)
    {
        public int Index => index;

        public PresenceKey User => user;

        public DateTimeOffset? At => at;

        public ActivityResult? Result { get; set; }

        public Exception? Failure { get; set; }
    }
}
