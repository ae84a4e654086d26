using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Presence.Core.Configuration;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Rules;
using Presence.Core.Storage;

namespace Presence.Core.Engine;

/// <summary>
/// The only way any presence changes: load, decide, compare-and-swap, and again on conflict. Whoever's write changes the status gets the
/// transition to announce, and nobody else.
/// </summary>
public sealed class PresenceEngine
{
    private const int MostAttempts = 30;

    private readonly IPresenceStore _store;
    private readonly PresenceOptions _options;
    private readonly PresenceMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly UncertainWrites _uncertain = new();

    /// <summary>Creates the engine of an instance.</summary>
    public PresenceEngine(IPresenceStore store, IOptions<PresenceOptions> options, PresenceMetrics metrics, TimeProvider time)
    {
        (_store, _options, _metrics, _time) = (store, options.Value, metrics, time);
        metrics.ObservePendingAnnouncements(() => _uncertain.Count);
    }

    /// <summary>Raised after each change of a user's records by this instance, and after each change of status that may have been applied.</summary>
    public event Action<Change>? Changed;

    /// <summary>Applies an event to a user.</summary>
    /// <param name="user">Whose presence it is.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="cancellationToken">Ends loading. A write is never given up half-way: who made it must announce it.</param>
    /// <param name="known">The records as just read, to save the first load.</param>
    /// <exception cref="StoreUnavailableException">The storage is out of reach, or too many others change this user at once.</exception>
    /// <exception cref="InvalidInputException">The event would break a limit.</exception>
    public async ValueTask<Change> ApplyAsync(
        PresenceKey user, PresenceEvent happened, CancellationToken cancellationToken, StoredUser? known = null)
    {
        using var span = Tracing.StartApplying(happened);
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            var before = known ?? await _store.LoadAsync(user, cancellationToken);
            var now = _time.GetUtcNow().ToWholeMilliseconds();
            var decision = PresenceRules.Decide(before.Records, happened, now, _options);
            if (decision.Outcome != Outcome.Applied)
            {
                span.Applied(decision.Outcome, attempt, transition: null);
                return Finish(before, decision, transition: null);
            }

            var writeId = Guid.NewGuid().ToString("N");
            decision = decision with { Records = decision.Records.StampedWith(writeId, decision.StatusChanged) };
            var transition = TransitionOf(before, decision, now);
            (var committed, known) = await TryCommitAsync(before, decision.Records, writeId, transition);
            if (committed)
            {
                span.Applied(decision.Outcome, attempt, transition);
                return Finish(before, decision, transition);
            }
        }

        throw new StoreUnavailableException($"The records of one user change too fast: gave up after {MostAttempts} attempts.");
    }

    private async ValueTask<(bool Committed, StoredUser? Current)> TryCommitAsync(
        StoredUser before, UserRecords after, string writeId, Transition? transition)
    {
        try
        {
            if (await _store.TryCommitAsync(before, after, CancellationToken.None))
            {
                return (true, null);
            }

            // A conflict may be with ourselves: the write was applied, its answer lost, and the retry met it. The row tells by the id.
            var current = await _store.LoadAsync(before.User, CancellationToken.None);
            return (current.Records.IsWrittenBy(writeId), current);
        }
        catch (StoreUnavailableException) when (transition is not null)
        {
            _uncertain.Add(writeId, transition);

            // Applied or not: nothing remembered of the user can be trusted now.
            Changed?.Invoke(new Change(before.User, before.Records, after, Outcome.Applied, []));
            throw;
        }
    }

    private Change Finish(StoredUser before, Decision decision, Transition? transition)
    {
        ImmutableArray<Transition> transitions = _uncertain.TakeApplied(before) is { } owed ? [owed] : [];
        if (transition is not null)
        {
            transitions = transitions.Add(transition);
        }

        foreach (var made in transitions)
        {
            _metrics.ChangedTo(made.View.Status);
        }

        var change = new Change(before.User, before.Records, decision.Records, decision.Outcome, transitions);
        if (decision.Outcome == Outcome.Applied)
        {
            Changed?.Invoke(change);
        }

        return change;
    }

    private static Transition? TransitionOf(StoredUser before, Decision decision, DateTimeOffset now) => decision.StatusChanged
        ? new Transition(
            before.User,
            decision.Records.ViewOf(before.User),
            decision.Records.Online is null ? before.Records.Rosters : decision.Records.Rosters,
            decision.Records.IsWatched,
            now)
        : null;
}
