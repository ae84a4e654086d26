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
/// <param name="RemovedTombstones">What kept old credentials from bringing erased users back, <see cref="PresenceOptions.CredentialLifetime"/> after the erasure.</param>
/// <param name="AbandonedDuties">What changes of users owed others and nobody could do for a day, or as long as credentials last.</param>
/// <param name="RemovedEvents">Events sent longer ago than <see cref="PresenceOptions.EventRetention"/> and <see cref="EventFeed.Spare"/> twice.</param>
/// <param name="RemovedHistory">Rows of the sessions of users, and of who was where, older than <see cref="PresenceOptions.HistoryRetention"/>.</param>
/// <param name="SummedDays">Days that were over, and were summed up for analytics.</param>
public sealed record CleanupReport(
    int ExpiredSessions, int ForgottenParticipants, int RemovedTombstones, int AbandonedDuties, int RemovedEvents, int RemovedHistory, int SummedDays);

/// <summary>Removes what has had its time. Safe to run anywhere, any time; what a failed run leaves, the next one finds.</summary>
public sealed class Cleanup(
    IPresenceStore users, ISessionStore sessions, IErasureStore erasure, IWatchStore watches, IEventStore events, IMaintenanceStore maintenance,
    IHistoryStore history, DayFolder days, PresenceEngine engine, Relationships relationships, IOptions<PresenceOptions> options, TimeProvider time)
{
    private static readonly TimeSpan RetireInstancesAfter = TimeSpan.FromDays(1);

    /// <summary>
    /// What has waited for so long is no news any more, and clients ask anew. Its connections are gone, too, which last as long as the longest
    /// credentials. A row that nobody can read goes as well.
    /// </summary>
    private TimeSpan AbandonDutiesAfter => new[] { TimeSpan.FromDays(1), options.Value.SessionLifetime, options.Value.CredentialLifetime }.Max();

    /// <summary>Cleans up the whole table.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach; what was removed until then stays removed.</exception>
    public async Task<CleanupReport> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var expired = await sessions.RemoveExpiredAsync(now, cancellationToken);
        var forgotten = await ForgetAsync(now - options.Value.AnonymousRetention, cancellationToken);
        await watches.ForgetErasedAsync(cancellationToken);
        var tombstones = await erasure.RemoveTombstonesAsync(now - options.Value.CredentialLifetime, cancellationToken);
        var duties = await users.AbandonDutiesAsync(now - AbandonDutiesAfter, cancellationToken);
        await watches.RemoveOldAsync(now - AbandonDutiesAfter, cancellationToken);
        var removedEvents = await RemoveEventsAsync(now, cancellationToken);
        await users.CleanRostersAsync(cancellationToken);
        await maintenance.AddUpUsersAsync(cancellationToken);
        await maintenance.RetireReportsAsync(now - RetireInstancesAfter, cancellationToken);
        var summed = await days.RunAsync(cancellationToken);
        var old = await history.RemoveOldAsync(HistoryRules.FirstKept(now, options.Value), cancellationToken);
        return new(expired, forgotten, tombstones, duties, removedEvents, old, summed);
    }

    /// <summary>Later than cursors are refused, so that none is good whose events are gone; where there is no feed, all that there ever were.</summary>
    private Task<int> RemoveEventsAsync(DateTimeOffset now, CancellationToken cancellationToken) => events.RemoveOldAsync(
        options.Value.EventRetention == TimeSpan.Zero ? now : now - options.Value.EventRetention - (EventFeed.Spare * 2), cancellationToken);

    private async Task<int> ForgetAsync(DateTimeOffset lastSeenUntil, CancellationToken cancellationToken)
    {
        var forgotten = 0;
        await foreach (var participant in users.LongGoneAsync(lastSeenUntil, cancellationToken))
        {
            if (!participant.Records.Relations.AreNone)
            {
                // One who is here has such a profile, too, as it was when it came.
                var now = (await users.LoadAsync(participant.User, cancellationToken)).Records;
                await relationships.EndAsync(participant.User, now.Online is null ? now.Relations : Relations.None, cancellationToken);
            }

            var change = await engine.ApplyAsync(
                participant.User, new PresenceEvent.Retired(lastSeenUntil), cancellationToken, known: participant);
            forgotten += change.Outcome == Outcome.Applied ? 1 : 0;
        }

        return forgotten;
    }
}
