using Presence.Core.Domain;
using Presence.Core.Rules;

namespace Presence.Core.Engine;

/// <summary>What an event did.</summary>
/// <param name="User">To whom.</param>
/// <param name="Before">The records before it.</param>
/// <param name="After">The records after it; the same where nothing changed.</param>
/// <param name="Outcome">What became of the event.</param>
public sealed record Change(PresenceKey User, UserRecords Before, UserRecords After, Outcome Outcome)
{
    /// <summary>False where storage gave no answer: then the change may or may not have been made.</summary>
    public bool IsCertain { get; init; } = true;

    /// <summary>Whether the status is another one now.</summary>
    public bool IsOfStatus => Before.Status != After.Status;
}
