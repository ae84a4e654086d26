using System.Diagnostics;
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

    private readonly PresenceOptions _options = options.Value;

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
    /// <inheritdoc cref="ApplyAsync" path="/param|/exception"/>
    internal async ValueTask<CommittedChange> CommitAsync(
        PresenceKey user, PresenceEvent happened, CancellationToken cancellationToken, StoredUser? known = null)
    {
        using var span = Tracing.StartApplying(happened);
        try
        {
            return await CommitAsync(user, happened, known, span, cancellationToken);
        }
        catch (Exception)
        {
            span.Failed();
            throw;
        }
    }

    private async ValueTask<CommittedChange> CommitAsync(
        PresenceKey user, PresenceEvent happened, StoredUser? known, Activity? span, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            var before = known ?? await store.LoadAsync(user, cancellationToken);
            var now = time.GetUtcNow().ToWholeMilliseconds();
            var decision = PresenceRules.Decide(user, before.Records, happened, now, _options, held.LastHeld(user));
            var change = new Change(user, before.Records, decision.Records, decision.Outcome);
            if (!decision.MustBeKept)
            {
                span.Applied(decision.Outcome, attempt, status: null);
                return new(change, Task.CompletedTask);
            }

            var writeId = Guid.NewGuid().ToString("N");
            change = change with { After = decision.Records.StampedWith(writeId) };
            var owed = decision.Owes is { } duty ? new StoredDuty(user, writeId, duty, now + HeadStart) : null;
            var kept = owed is null ? null : delivery.ToKeep(owed);
            (var committed, known) = await TryCommitAsync(before, change, kept, writeId);
            if (committed)
            {
                span.Applied(decision.Outcome, attempt, change.IsOfStatus ? change.After.Status : null);
                Finish(change);
                return new(change, owed is null ? Task.CompletedTask : delivery.DeliverAsync(owed, isKept: kept is not null));
            }
        }

        throw new StoreUnavailableException($"The records of one user change too fast: gave up after {MostAttempts} attempts.");
    }

    private async ValueTask<(bool Committed, StoredUser? Current)> TryCommitAsync(
        StoredUser before, Change change, StoredDuty? kept, string writeId)
    {
        try
        {
            if (await store.TryCommitAsync(before, change.After, kept, CancellationToken.None))
            {
                return (true, null);
            }

            // A conflict may be with ourselves: the write was applied, its answer lost, and the retry met it. The row tells by the id. Where
            // somebody has written over it since, the sweep finds what is owed.
            var current = await store.LoadAsync(before.User, CancellationToken.None);
            return (current.Records.IsWrittenBy(writeId), current);
        }
        catch (StoreUnavailableException)
        {
            // The write may or may not have been applied, so what this instance remembers of the user's window is dropped. If it was, the
            // sweep finds what is owed.
            Changed?.Invoke(change with { IsCertain = false });
            throw;
        }
    }

    private void Finish(Change change)
    {
        if (change.IsOfStatus)
        {
            metrics.ChangedTo(change.After.Status);
        }

        Changed?.Invoke(change);
    }
}
