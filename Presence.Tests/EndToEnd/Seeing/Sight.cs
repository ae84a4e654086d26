namespace Presence.Tests.EndToEnd.Seeing;

/// <summary>What a viewer is told of a subject, whichever way it asks or listens.</summary>
public enum Sight
{
    /// <summary>How it is.</summary>
    Seen,

    /// <summary>What is told of an id that nobody knows.</summary>
    Unknown,

    /// <summary>That it has left at one moment, whatever it does after.</summary>
    Left,
}

/// <summary>The same before a relation begins, while it lasts, and after it has ended.</summary>
internal sealed record Sights(Sight Before, Sight During, Sight After);
