using System.Collections.Immutable;
using Presence.Core.Domain;

namespace Presence.Core.Throttle;

/// <summary>What became of an activity call.</summary>
/// <param name="Status">The user's status after it.</param>
/// <param name="Throttled">Whether nothing was recorded because the window was open.</param>
/// <param name="NextRecordAt">From when the next activity is recorded; null for a user who is offline.</param>
/// <param name="Transitions">The changes of status to announce.</param>
public sealed record ActivityResult(
    PresenceStatus Status, bool Throttled, DateTimeOffset? NextRecordAt, ImmutableArray<Transition> Transitions);
