namespace Presence.Core.Throttle;

/// <summary>What became of a batch. Each entry is in exactly one of these.</summary>
/// <param name="Recorded">Entries that were recorded.</param>
/// <param name="Throttled">Entries inside an open window.</param>
/// <param name="Ignored">Entries that tell nothing: too old, not later than known or than another entry, or from before the user left.</param>
/// <param name="Passive">Entries that are no activity.</param>
/// <param name="Failed">Entries to be told again, by their place in the batch, and why.</param>
public sealed record ActivityBatchResult(int Recorded, int Throttled, int Ignored, int Passive, IReadOnlyList<(int Index, Exception Failure)> Failed);
