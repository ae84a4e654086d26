namespace Presence.Benchmarks.Counts;

/// <summary>How a user calls who is active without pause.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Every">Seconds from one time to the next.</param>
/// <param name="AtOnce">How many calls each time, all at once.</param>
internal sealed record Pattern(string Name, int Every, int AtOnce)
{
    public static Pattern Steady { get; } = new("steady", Every: 1, AtOnce: 1);

    public static Pattern Burst { get; } = new("5 at once every 5 s", Every: 5, AtOnce: 5);
}
