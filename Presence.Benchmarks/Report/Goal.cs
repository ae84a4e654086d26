using System.Globalization;

namespace Presence.Benchmarks.Report;

/// <summary>What a figure is to reach.</summary>
internal sealed record Goal(string Text, Func<double, bool> IsMet)
{
    public static Goal AtMost(double limit) => new($"≤ {Number(limit)}", value => value <= limit);

    public static Goal AtLeast(double limit) => new($"≥ {Number(limit)}", value => value >= limit);

    /// <summary>At most so many times what another figure of the same run is.</summary>
    public static Goal AtMostTimes(double factor, string what, double other) =>
        new($"≤ {Number(factor)} × {what}", value => value <= factor * other);

    private static string Number(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);
}
