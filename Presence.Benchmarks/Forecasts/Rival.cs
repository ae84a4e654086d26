using Presence.Core.Forecasting;

namespace Presence.Benchmarks.Forecasts;

/// <summary>A simple model: of what was so far, how likely each hour of the coming week is.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Forecast">Forecasts: from the shares so far, whole weeks, and from the mean shares of each hour of the week of all people so far.</param>
internal sealed record Rival(string Name, Func<ReadOnlyMemory<double>, double[], double[]> Forecast)
{
    /// <summary>All there are.</summary>
    public static IReadOnlyList<Rival> All { get; } =
    [
        new("as last week", (shares, _) => shares[^HourGrid.Week..].ToArray()),
        new("histogram, half-life 4 weeks", (shares, _) => Histogram(shares.Span, halfLife: 4)),
        new("histogram shrunk to all people", Shrunk),
        new("level × shape", (shares, _) => LevelTimesShape(shares.Span, halfLifeDays: 7)),
    ];

    private static double[] Histogram(ReadOnlySpan<double> shares, double halfLife)
    {
        var (here, seen) = (new double[HourGrid.Week], new double[HourGrid.Week]);
        for (var i = 0; i < shares.Length; i++)
        {
            var weight = Math.Pow(0.5, (shares.Length - 1 - i) / HourGrid.Week / halfLife);
            here[i % HourGrid.Week] += weight * shares[i];
            seen[i % HourGrid.Week] += weight;
        }

        return [.. here.Select((h, i) => h / seen[i])];
    }

    /// <summary>As if each had been seen for ten weeks more, in which it was like all people.</summary>
    private static double[] Shrunk(ReadOnlyMemory<double> shares, double[] people)
    {
        var weeks = shares.Length / HourGrid.Week;
        return [.. Histogram(shares.Span, halfLife: 1e9).Select((own, i) => ((own * weeks) + (people[i] * 10)) / (weeks + 10))];
    }

    /// <summary>The mean of lately, times how much more often than at other hours it is at this one: over 26 weeks, ± 2 hours, with a prior of 100 hours.</summary>
    private static double[] LevelTimesShape(ReadOnlySpan<double> shares, double halfLifeDays)
    {
        var known = shares[Math.Max(0, shares.Length - (26 * HourGrid.Week))..];
        var (here, mean, weeks) = (new double[HourGrid.Week], 0d, known.Length / HourGrid.Week);
        for (var i = 0; i < known.Length; i++)
        {
            here[i % HourGrid.Week] += known[i];
            mean += known[i] / known.Length;
        }

        var (level, weights) = (0d, 0d);
        for (var i = 0; i < known.Length; i++)
        {
            var weight = Math.Pow(0.5, (known.Length - 1 - i) / 24d / halfLifeDays);
            level += weight * known[i];
            weights += weight;
        }

        return [.. Enumerable.Range(0, HourGrid.Week).Select(hour =>
        {
            var near = Enumerable.Range(hour + HourGrid.Week - 2, 5).Sum(i => here[i % HourGrid.Week]);
            var shape = (near + (100 * mean)) / ((5 * weeks) + 100);
            return mean == 0 ? 0 : Math.Clamp(level / weights * shape / mean, 0, 1);
        })];
    }
}
