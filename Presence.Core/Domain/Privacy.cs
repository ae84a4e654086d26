namespace Presence.Core.Domain;

/// <summary>What a user lets others know of itself.</summary>
/// <param name="IsHidden">Whether nobody sees the user at all: it is offline to all others, whatever it does and chooses.</param>
/// <param name="LastSeen">How exactly others learn when it was last active.</param>
public sealed record Privacy(bool IsHidden = false, LastSeenPrecision LastSeen = LastSeenPrecision.Exact)
{
    /// <summary>Of whoever has said nothing.</summary>
    public static Privacy Default { get; } = new();
}
