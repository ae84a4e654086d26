using Presence.Benchmarks.Report;

namespace Presence.Benchmarks.Counts;

/// <summary>A figure that is counted.</summary>
/// <param name="Name">By which the file of known counts has it.</param>
/// <param name="Value">How many.</param>
/// <param name="Goal">What it is to reach; null for what is only told.</param>
internal sealed record Count(string Name, double Value, Goal? Goal)
{
    /// <summary>By how much, as a share, it differs from one run to the next: not at all, but where calls race.</summary>
    public double Spread { get; init; } = 0.001;

    /// <summary>What differs however small the count is.</summary>
    public double Least { get; init; } = 0.005;

    /// <summary>Whether another value of this count is as good as the same.</summary>
    public bool IsLike(double other) => Math.Abs(Value - other) <= Math.Max(Least, other * Spread);
}
