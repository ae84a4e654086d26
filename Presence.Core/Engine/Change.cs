using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Rules;

namespace Presence.Core.Engine;

/// <summary>What an event did.</summary>
/// <param name="User">To whom.</param>
/// <param name="Before">The records before it.</param>
/// <param name="After">The records after it; the same where nothing changed.</param>
/// <param name="Outcome">What became of the event.</param>
/// <param name="Transitions">The changes of status to announce: ours to tell, nobody else will. Usually none or one.</param>
public sealed record Change(
    PresenceKey User, UserRecords Before, UserRecords After, Outcome Outcome, ImmutableArray<Transition> Transitions);
