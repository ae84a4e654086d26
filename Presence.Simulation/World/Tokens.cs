using Presence.Simulation.Time;

namespace Presence.Simulation.World;

/// <summary>The throttle tokens of one user: mostly it brings the last it was given, and sometimes none, or one of before.</summary>
internal sealed class Tokens
{
    private readonly List<string> _given = [];

    public void Keep(string token) => _given.Add(token);

    /// <summary>What the user's next call brings.</summary>
    public string? Brought(Chance chance) => _given.Count == 0 ? null : chance.Next(10) switch
    {
        < 6 => _given[^1],
        < 8 => chance.Pick(_given),
        _ => null,
    };
}
