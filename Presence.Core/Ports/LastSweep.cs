namespace Presence.Core.Ports;

/// <summary>The last sweep of any instance.</summary>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
/// <param name="Due">How many users were due.</param>
/// <param name="Transitions">How many changes of status it made.</param>
/// <param name="FailedShards">How many shards could not be swept.</param>
/// <param name="CompletedAt">When the last sweep began that came through in all shards, UTC; null where there was none.</param>
/// <param name="ResumedAt">When the first sweep began that came through again after none had for a while, UTC; null where that never was.</param>
public sealed record LastSweep(
    DateTimeOffset StartedAt, double DurationMs, int Due, int Transitions, int FailedShards, DateTimeOffset? CompletedAt,
    DateTimeOffset? ResumedAt = null);
