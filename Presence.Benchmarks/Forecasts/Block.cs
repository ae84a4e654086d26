namespace Presence.Benchmarks.Forecasts;

/// <summary>A time in which somebody may be here, if at all, now and then.</summary>
/// <param name="Start">When it usually begins, in hours from the start of the plan.</param>
/// <param name="End">When it usually ends.</param>
/// <param name="Chance">How likely it is that there is anything in it.</param>
internal readonly record struct Block(double Start, double End, double Chance = 1)
{
    /// <summary>The standard deviation of its start and its end, in hours.</summary>
    public double Jitter { get; init; } = 0.4;

    /// <summary>The mean length of a session within it, in hours.</summary>
    public double Here { get; init; } = 0.8;

    /// <summary>The mean time between two of them, in hours.</summary>
    public double Gone { get; init; } = 0.2;

    /// <summary>Whether it is only a window over a process that goes on, and so begins in the middle of a session or of a gap.</summary>
    public bool IsStationary { get; init; }

    /// <summary>Throws the dice: the sessions, in hours from the start of the plan.</summary>
    public IEnumerable<(double Start, double End)> Throw(Random random)
    {
        if (random.NextDouble() >= Chance)
        {
            yield break;
        }

        var start = IsStationary ? Start : Start + (Jitter * Normal(random));
        var end = IsStationary ? End : End + (Jitter * Normal(random));
        var isHere = !IsStationary || random.NextDouble() < Here / (Here + Gone);
        for (var at = start; at < end; isHere = !isHere)
        {
            var until = at - (Math.Log(1 - random.NextDouble()) * (isHere ? Here : Gone));
            if (isHere)
            {
                yield return (at, Math.Min(until, end));
            }

            at = until;
        }
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
