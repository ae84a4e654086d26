namespace Presence.Core.Domain;

/// <summary>How exactly others learn when a user was last active.</summary>
public enum LastSeenPrecision
{
    /// <summary>To the moment.</summary>
    Exact,

    /// <summary>In the words of <see cref="LastSeen"/>.</summary>
    Coarse,

    /// <summary>Not at all; and the user does not learn it of others either.</summary>
    Nobody,
}
