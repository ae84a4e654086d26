using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.Engine;

/// <summary>
/// The only way any presence changes: load, decide, compare-and-swap, and again on conflict. What a change owes others is kept in the same
/// transaction and then done: by whoever's write succeeds, and by nobody else unless that one fails to.
/// </summary>
public sealed class PresenceEngine(
    IPresenceStore store, IDelivery delivery, IHeldActivity held, IOptions<PresenceOptions> options, PresenceMetrics metrics, TimeProvider time)
{
    /// <summary>
    /// For so long, from the decision, a duty belongs to whoever made the change: it is done or given up by then. The write may take 4.5 s of it, and
    /// what follows 2 s, or for a new connection what is left.
    /// </summary>
    internal static readonly TimeSpan HeadStart = TimeSpan.FromSeconds(8);

    private const int MostAttempts = 30;

    /// <summary>Raised after each change of a user's records by this instance, and after each that may have been applied.</summary>
    public event Action<Change>? Changed;

    /// <summary>
    /// Applies an event to a user, and does what follows for others, for 2 s at most, or 8 s for a new connection: what takes longer is left
    /// to the sweep.
    /// </summary>
    /// <param name="user">Whose presence it is.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="cancellationToken">Ends loading. A write is never given up half-way.</param>
    /// <param name="known">The records as just read, to save the first load.</param>
    /// <exception cref="StoreUnavailableException">The storage is out of reach, or too many others change this user at once.</exception>
    /// <exception cref="InvalidInputException">The event would break a limit.</exception>
    public async ValueTask<Change> ApplyAsync(
        PresenceKey user, PresenceEvent happened, CancellationToken cancellationToken, StoredUser? known = null)
    {
        var committed = await CommitAsync(user, happened, cancellationToken, known);
        await committed.Delivered;
        return committed.Change;
    }

    /// <summary>The same, without waiting for what follows for others.</summary>
    /// <param name="user">Whose presence it is.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="cancellationToken">Ends loading. A write is never given up half-way.</param>
    /// <param name="known">The records as just read, to save the first load.</param>
    /// <param name="last">
    /// The last record of a user who is active, to save loading altogether: if the row is still as that says, the activity is recorded.
    /// </param>
    /// <inheritdoc cref="ApplyAsync" path="/exception"/>
    internal async ValueTask<CommittedChange> CommitAsync(
        PresenceKey user, PresenceEvent happened, CancellationToken cancellationToken, StoredUser? known = null, LastRecord? last = null)
    {
        using var span = Tracing.StartApplying(happened);
        try
        {
            return await CommitAsync(user, happened, known, last, span, cancellationToken);
        }
        catch (Exception)
        {
            span.Failed();
            throw;
        }
    }

    /// <summary>
    /// Applies an event to each of several users, who are here, in as few transactions as they go into. One with whom that fails
    /// keeps it from no other.
    /// </summary>
    /// <param name="all">The users as just read, and what happened to each.</param>
    /// <param name="cancellationToken">Ends it between two writes.</param>
    /// <returns>The change of each, as soon as it is made, in no order; or what that failed with, when awaited.</returns>
    internal async IAsyncEnumerable<Task<CommittedChange>> CommitManyAsync(
        IReadOnlyList<(StoredUser Known, PresenceEvent Happened)> all, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pending = new List<(Decided Decided, PresenceEvent Happened)>();
        foreach (var (known, happened) in all)
        {
            var decided = Decide(known, happened);
            if (decided.Decision.MustBeKept)
            {
                pending.Add((decided, happened));
            }
            else
            {
                yield return Task.FromResult(new CommittedChange(decided.Change, Task.CompletedTask));
            }
        }

        if (pending.Count == 0)
        {
            yield break;
        }

        var commits = pending.ConvertAll(one => one.Decided.Commit);
        await foreach (var (index, result) in store.CommitManyAsync(commits, cancellationToken))
        {
            var (decided, happened) = pending[index];
            yield return result switch
            {
                CommitResult.Made => Task.FromResult(Finish(decided)),
                CommitResult.Refused => CommitAsync(decided.Before.User, happened, cancellationToken).AsTask(),
                CommitResult.Unknown => Task.FromException<CommittedChange>(MayBeMade(decided)),
                var unknown => throw new InvalidOperationException($"There is no result {unknown}."),
            };
        }
    }

    private async ValueTask<CommittedChange> CommitAsync(
        PresenceKey user, PresenceEvent happened, StoredUser? known, LastRecord? last, Activity? span, CancellationToken cancellationToken)
    {
        // What is known by the last record alone is enough to record an activity, and for nothing else.
        var quick = known is null && last is { Tag: not null } && Decide(last.ToStored(user), happened) is { IsOnlyRecord: true } record ? record : null;
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            var decided = quick ?? Decide(known ?? await store.LoadAsync(user, cancellationToken), happened);
            if (!decided.Decision.MustBeKept)
            {
                span.Applied(decided.Decision.Outcome, attempt, status: null);
                return new(decided.Change, Task.CompletedTask, decided.Before.Tag);
            }

            (var committed, var tag, known) = await TryCommitAsync(decided);
            if (committed)
            {
                span.Applied(decided.Decision.Outcome, attempt, decided.Change.IsOfStatus ? decided.Change.After.Status : null);
                return Finish(decided) with { Tag = tag };
            }

            quick = null;
        }

        throw new StoreUnavailableException($"The records of one user change too fast: gave up after {MostAttempts} attempts.");
    }

    private Decided Decide(StoredUser before, PresenceEvent happened)
    {
        var user = before.User;
        var now = time.GetUtcNow().ToWholeMilliseconds();
        var decision = PresenceRules.Decide(user, before.Records, happened, now, options.Value, held.LastHeld(user));
        var change = new Change(user, before.Records, decision.Records, decision.Outcome);
        if (!decision.MustBeKept)
        {
            return new(before, decision, change, null, null, null, IsOnlyRecord: false);
        }

        var writeId = Guid.NewGuid().ToString("N");
        change = change with { After = decision.Records.StampedWith(writeId) };
        var owed = decision.Owes is { } duty ? new StoredDuty(user, writeId, duty, now + HeadStart) : null;
        var told = EventRules.Of(user, before.Records, change.After, now, options.Value);
        var isOnlyRecord = told is null && IsOnlyRecord(before, happened, decision);
        return new(before, decision, change, owed, owed is null ? null : delivery.ToKeep(owed), told, isOnlyRecord);
    }

    /// <summary>
    /// An activity of somebody plainly online changes a few columns of one row, whatever else the row holds; unless something that was chosen has
    /// ended meanwhile, which must go.
    /// </summary>
    private static bool IsOnlyRecord(StoredUser before, PresenceEvent happened, Decision decision) =>
        happened is PresenceEvent.Activity
        && before is { Tag: not null, Records.Online: { Status: PresenceStatus.Online, LastClosedAt: null } }
        && decision is { Outcome: Outcome.Applied, Owes: null, Records.Online.Status: PresenceStatus.Online }
        && (before.Records.Choice, before.Records.ApplicationChoice) == (decision.Records.Choice, decision.Records.ApplicationChoice);

    private async ValueTask<(bool Committed, string? Tag, StoredUser? Current)> TryCommitAsync(Decided decided)
    {
        var (before, change) = (decided.Before, decided.Change);
        try
        {
            var tag = default(string);
            if (decided.IsOnlyRecord
                ? (tag = await store.TryRecordAsync(before.User, before.Tag!, change.After.Online!, CancellationToken.None)) is not null
                : await store.TryCommitAsync(decided.Commit, CancellationToken.None))
            {
                return (true, tag, null);
            }

            // A conflict may be with ourselves: the write was applied, its answer lost, and the retry met it. The row tells by the id. Where
            // somebody has written over it since, the sweep finds what is owed.
            var current = await store.LoadAsync(before.User, CancellationToken.None);
            return (current.Records.IsWrittenBy(change.After.WriteId), current.Tag, current);
        }
        catch (StoreUnavailableException)
        {
            MayBeMade(decided);
            throw;
        }
    }

    /// <summary>
    /// The write may or may not have been applied, so what this instance remembers of the user's window is dropped. If it was, the sweep finds
    /// what is owed.
    /// </summary>
    private StoreUnavailableException MayBeMade(Decided decided)
    {
        Changed?.Invoke(decided.Change with { IsCertain = false });
        return new("The storage gave no answer to a write.");
    }

    private CommittedChange Finish(Decided decided)
    {
        var (change, owed, kept) = (decided.Change, decided.Owed, decided.Kept);
        if (change.IsOfStatus)
        {
            metrics.ChangedTo(change.After.Status);
        }

        Changed?.Invoke(change);
        return new(change, owed is null ? Task.CompletedTask : delivery.DeliverAsync(owed, isKept: kept is not null));
    }

    /// <param name="Before">The user as loaded.</param>
    /// <param name="Decision">What the rules decided.</param>
    /// <param name="Change">What becomes of the user by that.</param>
    /// <param name="Owed">All that is owed because of it; null for nothing.</param>
    /// <param name="Kept">What of it is kept with the change.</param>
    /// <param name="Event">What those who follow the feed are told; null for nothing.</param>
    /// <param name="IsOnlyRecord">Whether all that it does is to record an activity.</param>
    private sealed record Decided(
        StoredUser Before, Decision Decision, Change Change, StoredDuty? Owed, StoredDuty? Kept, UserEvent? Event, bool IsOnlyRecord)
    {
        /// <summary>The change, to be made.</summary>
        public PendingCommit Commit => new(Before, Change.After, Kept) { Event = Event, Finished = Decision.Finished };
    }
}
