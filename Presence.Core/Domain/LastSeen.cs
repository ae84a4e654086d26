namespace Presence.Core.Domain;

/// <summary>When a user was last active, as others learn it of one who does not want to say it exactly.</summary>
public enum LastSeen
{
    /// <summary>Less than three days ago.</summary>
    Recently,

    /// <summary>Less than seven days ago.</summary>
    WithinWeek,

    /// <summary>Less than thirty days ago.</summary>
    WithinMonth,

    /// <summary>Longer ago.</summary>
    LongAgo,
}
