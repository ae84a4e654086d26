using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Presence.Core.Analytics;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Ledger;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.Retention;

/// <summary>What a clean-up removed.</summary>
/// <param name="ExpiredSessions">Sessions of guests that had expired.</param>
/// <param name="ForgottenParticipants">Anonymous participants not seen for <see cref="PresenceOptions.AnonymousRetention"/>, and users never seen and not heard of for as long.</param>
/// <param name="RemovedTombstones">What kept old credentials from bringing erased users back, <see cref="PresenceOptions.CredentialLifetime"/> after the erasure, and what led to their events.</param>
/// <param name="AbandonedDuties">What changes of users owed others and nobody could do for a day, or as long as credentials last.</param>
/// <param name="RemovedEvents">Events sent longer ago than <see cref="PresenceOptions.EventRetention"/> and <see cref="EventFeed.Spare"/> twice: what has come to that since the last census.</param>
/// <param name="RemovedHistory">Rows of the sessions of users, and of who was where, older than <see cref="PresenceOptions.HistoryRetention"/>.</param>
/// <param name="SummedDays">Days that were over, and were summed up for analytics.</param>
public sealed record CleanupReport(
    int ExpiredSessions, int ForgottenParticipants, int RemovedTombstones, int AbandonedDuties, int RemovedEvents, int RemovedHistory, int SummedDays);

/// <summary>
/// Removes what has had its time, step by step: one that fails keeps no other from its turn. Safe to run anywhere, any time; what a failed run leaves, the next
/// one finds.
/// </summary>
public sealed partial class Cleanup(
    IPresenceStore users, ISessionStore sessions, IErasureStore erasure, IWatchStore watches, EventExpiry events, IMaintenanceStore maintenance,
    IHistoryStore history, DayFolder days, PresenceEngine engine, Relationships relationships, IOptions<PresenceOptions> options, TimeProvider time,
    ILogger<Cleanup> logger)
{
    private static readonly TimeSpan RetireInstancesAfter = TimeSpan.FromDays(1);

    /// <summary>
    /// What has waited for so long is no news any more, and clients ask anew. Its connections are gone, too, which last as long as the longest
    /// credentials. A row that nobody can read goes as well.
    /// </summary>
    private TimeSpan AbandonDutiesAfter => new[] { TimeSpan.FromDays(1), options.Value.SessionLifetime, options.Value.CredentialLifetime }.Max();

    /// <summary>A tombstone is also all that leads to the events of whoever was erased, where removing them has failed.</summary>
    private TimeSpan TombstonesKeptFor => new[] { options.Value.CredentialLifetime, EventTimes.KeptFor(options.Value) }.Max();

    /// <summary>Cleans up the whole table.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach; what was removed until then stays removed.</exception>
    public async Task<CleanupReport> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        List<Exception> problems = [];
        var expired = await StepAsync(() => sessions.RemoveExpiredAsync(now, cancellationToken));
        var forgotten = await StepAsync(() => ForgetAsync(now, cancellationToken));
        var tombstones = await StepAsync(() => RemoveTombstonesAsync(now, cancellationToken));
        var duties = await StepAsync(() => users.AbandonDutiesAsync(now - AbandonDutiesAfter, cancellationToken));
        await StepAsync(() => watches.RemoveOldAsync(now - AbandonDutiesAfter, cancellationToken));
        await StepAsync(() => users.CleanRostersAsync(cancellationToken));
        await StepAsync(() => Counted(maintenance.AddUpUsersAsync(cancellationToken)));
        await StepAsync(() => Counted(maintenance.RetireReportsAsync(now - RetireInstancesAfter, cancellationToken)));

        // What is past its time goes before anything is made of the rest; and what there is most of comes last.
        var old = await StepAsync(() => history.RemoveOldAsync(HistoryRules.FirstKept(now, options.Value), cancellationToken));
        await StepAsync(() => days.RemoveOldAsync(cancellationToken));
        var summed = await StepAsync(() => days.RunAsync(cancellationToken));
        var removedEvents = await StepAsync(() => events.RunAsync(cancellationToken));
        ThrowAny(problems);
        return new(expired, forgotten, tombstones, duties, removedEvents, old, summed);

        async Task<int> StepAsync(Func<Task<int>> step)
        {
            try
            {
                return await step();
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(e);
                problems.Add(e);
                return 0;
            }
        }
    }

    /// <summary>Whoever watches somebody erased is found by the tombstone: that goes after it.</summary>
    private async Task<int> RemoveTombstonesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await watches.ForgetErasedAsync(cancellationToken);
        return await erasure.RemoveTombstonesAsync(now - TombstonesKeptFor, now, cancellationToken);
    }

    private async Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (forgotten, lastSeenUntil) = (0, now - options.Value.AnonymousRetention);
        await foreach (var participant in users.LongGoneAsync(lastSeenUntil, cancellationToken).Where(one => EventRules.HasPassed(one.Records, now)))
        {
            if (!participant.Records.Relations.AreNone)
            {
                // One who is here has such a profile, too, as it was when it came.
                var current = (await users.LoadAsync(participant.User, cancellationToken)).Records;
                await relationships.EndAsync(participant.User, current.Online is null ? current.Relations : Relations.None, cancellationToken);
            }

            var change = await engine.ApplyAsync(
                participant.User, new PresenceEvent.Retired(lastSeenUntil), cancellationToken, known: participant);
            forgotten += change.Outcome == Outcome.Applied ? 1 : 0;
        }

        return forgotten;
    }

    private static async Task<int> Counted(Task step)
    {
        await step;
        return 0;
    }

    /// <summary>A mistake is to be seen as one, whatever is out of reach beside it.</summary>
    private static void ThrowAny(List<Exception> problems)
    {
        if ((problems.Find(problem => problem is not StoreUnavailableException) ?? problems.FirstOrDefault()) is { } worst)
        {
            ExceptionDispatchInfo.Throw(worst);
        }
    }

    [LoggerMessage(EventName = "CleanupStepFailed", Level = LogLevel.Error, Message = "A step of the clean-up failed; the others are done, and the next clean-up tries it again.")]
    private partial void LogFailed(Exception exception);
}
