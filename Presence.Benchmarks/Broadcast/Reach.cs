namespace Presence.Benchmarks.Broadcast;

/// <summary>How long it took to reach the first and the last of all, in milliseconds.</summary>
internal readonly record struct Reach(double First, double Last)
{
    public static Reach Median(IReadOnlyCollection<Reach> rounds) => new(Median(rounds.Select(r => r.First)), Median(rounds.Select(r => r.Last)));

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;
}
