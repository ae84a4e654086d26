namespace Presence.Core.Domain;

/// <summary>What a user, or the application for it, wants others to see.</summary>
public enum ChosenAvailability
{
    /// <summary>What follows from connections and activity.</summary>
    Automatic,

    /// <summary>Available, active or not.</summary>
    Available,

    /// <summary>Busy.</summary>
    Busy,

    /// <summary>Not to be disturbed.</summary>
    DoNotDisturb,

    /// <summary>Away, active or not.</summary>
    Away,

    /// <summary>Offline to everybody else, whatever the user does.</summary>
    Invisible,
}
