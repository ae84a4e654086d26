namespace Presence.Simulation.Running;

/// <summary>How a schedule went.</summary>
/// <param name="Seed">Which.</param>
/// <param name="Hash">The hash of all that happened: the same for the same seed.</param>
/// <param name="Problem">What was wrong; null if nothing was.</param>
/// <param name="Text">All that happened, where that was asked for.</param>
/// <param name="Commits">How many changes storage made.</param>
/// <param name="Took">How long it lasted, in its own time.</param>
internal sealed record Verdict(ulong Seed, ulong Hash, string? Problem, string Text, int Commits, TimeSpan Took);
