namespace Presence.Core.Ports;

/// <summary>What one sweep did.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Due">How many users were due.</param>
/// <param name="FailedShards">How many shards were not swept to their end; the next sweep finds what they hold.</param>
/// <param name="Transitions">How many changes of status it made.</param>
/// <param name="Duties">How many duties it found that whoever made the change had not done.</param>
/// <param name="DutiesLeft">How many of these are still to be done.</param>
/// <param name="ResumedAt">When sweeps last came through again after none had for a while; null where that is not known, or never was.</param>
public sealed record SweepReport(
    DateTimeOffset StartedAt, TimeSpan Duration, int Due, int FailedShards, int Transitions, int Duties = 0, int DutiesLeft = 0,
    DateTimeOffset? ResumedAt = null);
