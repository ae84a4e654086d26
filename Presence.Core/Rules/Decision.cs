using Presence.Core.Domain;

namespace Presence.Core.Rules;

/// <summary>What became of an event.</summary>
public enum Outcome
{
    /// <summary>The records change.</summary>
    Applied,

    /// <summary>Nothing to do: the event is late, double, or says what is known.</summary>
    Unchanged,

    /// <summary>An activity inside the throttle window of the last recorded one.</summary>
    Throttled,

    /// <summary>An activity whose request began before the user left.</summary>
    Stale,
}

/// <summary>What the rules decided.</summary>
/// <param name="Outcome">What became of the event.</param>
/// <param name="Records">The records as they are to be.</param>
/// <param name="StatusChanged">Whether this is a change of status, to be announced.</param>
public readonly record struct Decision(Outcome Outcome, UserRecords Records, bool StatusChanged = false);
