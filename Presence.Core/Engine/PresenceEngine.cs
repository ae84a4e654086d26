using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rules;

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
    private readonly Settlement _settlement;

    /// <summary>Creates the engine of an instance.</summary>
    public PresenceEngine(
        IPresenceStore store, IOptions<PresenceOptions> options, PresenceMetrics metrics, TimeProvider time, ILogger<PresenceEngine> logger)
    {
        (_store, _options, _metrics, _time) = (store, options.Value, metrics, time);
        _settlement = new Settlement(store, metrics, time, logger);
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
        try
        {
            return await ApplyAsync(user, happened, known, span, cancellationToken);
        }
        catch (Exception)
        {
            span.Failed();
            throw;
        }
    }

    /// <summary>
    /// Looks at the users whose change of status was written without an answer, so that one nobody asks about is announced as well. Costs
    /// nothing while there are none, and otherwise a look at up to 100 of them, at most every 10 s and for 1 s.
    /// </summary>
    /// <returns>The changes to announce. What storage does not tell now is asked again.</returns>
    public ValueTask<IReadOnlyCollection<Transition>> SettleAsync() => _settlement.SettleAsync();

    private async ValueTask<Change> ApplyAsync(
        PresenceKey user, PresenceEvent happened, StoredUser? known, Activity? span, CancellationToken cancellationToken)
    {
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
            _settlement.Add(writeId, transition);

            // Applied or not: nothing remembered of the user can be trusted now.
            Changed?.Invoke(new Change(before.User, before.Records, after, Outcome.Applied, []));
            throw;
        }
    }

    private Change Finish(StoredUser before, Decision decision, Transition? transition)
    {
        var transitions = _settlement.TakeOwed(before);
        if (transition is not null)
        {
            _metrics.ChangedTo(transition.View.Status);
            transitions = transitions.Add(transition);
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
