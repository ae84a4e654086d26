namespace Presence.Core.Domain;

/// <summary>What an event tells above all. Where a change is of several kinds, the first of these says it, and the event holds the others as well.</summary>
public enum UserEventKind
{
    /// <summary>All that was kept of the user is gone; whoever keeps something of it is to erase that, too.</summary>
    Erased,

    /// <summary>Others see another status.</summary>
    Status,

    /// <summary>Others see something else of the user: its availability, text, emoji or device, or how exactly they learn when it was last active.</summary>
    Availability,

    /// <summary>The user has come into conversations, or left some.</summary>
    Membership,
}
