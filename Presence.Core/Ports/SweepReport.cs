using System.Collections.Immutable;
using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>What one sweep did.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Due">How many users were due.</param>
/// <param name="FailedShards">How many shards could not be swept; the next sweep finds what they hold.</param>
/// <param name="Transitions">The changes of status to announce.</param>
public sealed record SweepReport(
    DateTimeOffset StartedAt, TimeSpan Duration, int Due, int FailedShards, ImmutableArray<Transition> Transitions);
