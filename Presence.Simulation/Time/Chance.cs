namespace Presence.Simulation.Time;

/// <summary>All that a schedule leaves to chance: the same for the same seed, on every machine and every runtime (SplitMix64).</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed * 0x9E3779B97F4A7C15 + 0x1234567;

    /// <summary>From 0 to below 1.</summary>
    public double Next() => (Bits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From 0 to below the number given.</summary>
    public int Next(int below) => (int)(Bits() % (ulong)below);

    /// <summary>From the least to the most.</summary>
    public int Between(int least, int most) => least + Next(most - least + 1);

    /// <summary>Whether something of this probability happens.</summary>
    public bool Hit(double probability) => Next() < probability;

    /// <summary>In whole milliseconds, from the least to the most; short ones as likely as all longer ones together.</summary>
    public TimeSpan Span(double leastSeconds, double mostSeconds)
    {
        var share = Next();
        return TimeSpan.FromMilliseconds(Math.Round((leastSeconds + (mostSeconds - leastSeconds) * share * share) * 1000));
    }

    /// <summary>One of those given.</summary>
    public T Pick<T>(IReadOnlyList<T> from) => from[Next(from.Count)];

    private ulong Bits()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
