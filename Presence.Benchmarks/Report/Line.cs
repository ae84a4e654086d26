using System.Globalization;

namespace Presence.Benchmarks.Report;

/// <summary>One figure of the document.</summary>
/// <param name="What">What was counted or measured.</param>
/// <param name="Figure">As it is to be read.</param>
/// <param name="Value">As a number; null where there is none, because it could not be had.</param>
/// <param name="Goal">What it is to reach; null for what is only told, such as a peer.</param>
internal sealed record Line(string What, string Figure, double? Value, Goal? Goal)
{
    /// <summary>Null where there is no goal, or nothing to hold against it.</summary>
    public bool? IsMet => Goal is { } goal && Value is { } value ? goal.IsMet(value) : null;

    public static Line Of(string what, double value, string unit = "", Goal? goal = null) =>
        new(what, unit.Length == 0 ? Number(value) : $"{Number(value)} {unit}", value, goal);

    /// <summary>A figure that could not be had, and why.</summary>
    public static Line Missing(string what, string why) => new(what, $"not measured: {why}", null, null);

    /// <summary>Three digits, but no fewer than a whole number has.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };
}
