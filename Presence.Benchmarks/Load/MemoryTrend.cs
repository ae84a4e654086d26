namespace Presence.Benchmarks.Load;

/// <summary>How the memory of one process went.</summary>
/// <param name="Samples">How much it had, in MB, and when.</param>
internal sealed record MemoryTrend(IReadOnlyList<(TimeSpan At, double Megabytes)> Samples)
{
    /// <summary>Before, a process still fills up: code is compiled, and caches and pools find their size.</summary>
    public static readonly TimeSpan LeastToJudge = TimeSpan.FromMinutes(15);

    /// <summary>Memory is flat if the straight line through the second half rises by no more than so much of the mean.</summary>
    public const double MostRise = 0.05;

    private List<(TimeSpan At, double Megabytes)> SecondHalf => [.. Samples.Skip(Samples.Count / 2)];

    public bool CanBeJudged => Samples.Count >= 10 && Samples[^1].At - Samples[0].At >= LeastToJudge;

    public double Mean => SecondHalf.Average(sample => sample.Megabytes);

    /// <summary>The slope of that line, in MB an hour.</summary>
    public double PerHour
    {
        get
        {
            var half = SecondHalf;
            var (at, megabytes) = (half.Average(s => s.At.TotalHours), Mean);
            var spread = half.Sum(s => Math.Pow(s.At.TotalHours - at, 2));
            return spread == 0 ? 0 : half.Sum(s => (s.At.TotalHours - at) * (s.Megabytes - megabytes)) / spread;
        }
    }

    public bool IsFlat => PerHour * (SecondHalf[^1].At - SecondHalf[0].At).TotalHours <= MostRise * Mean;
}
