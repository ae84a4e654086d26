namespace Presence.Core.Domain;

/// <summary>How others see whether a user can be reached. In the order of precedence: of several that hold at once the last counts.</summary>
public enum Availability
{
    /// <summary>Gone, or not to be seen.</summary>
    Offline,

    /// <summary>Here, but not at it.</summary>
    Away,

    /// <summary>Here.</summary>
    Available,

    /// <summary>Here, and at something else.</summary>
    Busy,

    /// <summary>Here, and not to be disturbed.</summary>
    DoNotDisturb,
}
