using Presence.Core.Domain;

namespace Presence.Core.Rules;

/// <summary>What became of an event.</summary>
public enum Outcome
{
    /// <summary>The records change, or something is owed that must be kept.</summary>
    Applied,

    /// <summary>Nothing to do: the event is late, double, or says what is known.</summary>
    Unchanged,

    /// <summary>An activity inside the throttle window of the last recorded one.</summary>
    Throttled,

    /// <summary>From before the user left: a request that began, or a connection that was negotiated, before that.</summary>
    Stale,
}

/// <summary>What the rules decided.</summary>
/// <param name="Outcome">What became of the event.</param>
/// <param name="Records">The records as they are to be.</param>
/// <param name="Owes">What is owed to others because of it; null for nothing.</param>
public readonly record struct Decision(Outcome Outcome, UserRecords Records, Duty? Owes = null)
{
    /// <summary>The session that ends by it, where sessions are kept; null for none.</summary>
    public Session? Finished { get; init; }

    /// <summary>Whether there is something to write.</summary>
    public bool MustBeKept => Outcome == Outcome.Applied || Owes is not null;
}
