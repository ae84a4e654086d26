namespace Presence.Client.Model;

/// <summary>The statuses that are known. A newer server may say another; whoever asks for these is right all the same.</summary>
public static class PresenceStatus
{
    /// <summary>Here and active.</summary>
    public const string Online = "online";

    /// <summary>Here, but not active.</summary>
    public const string Away = "away";

    /// <summary>Not here.</summary>
    public const string Offline = "offline";
}

/// <summary>The availabilities that are known: what is answered, and what can be chosen. A newer server may say another.</summary>
public static class Availability
{
    /// <summary>As connections and activity say; only to be chosen.</summary>
    public const string Automatic = "automatic";

    /// <summary>Here and active.</summary>
    public const string Available = "available";

    /// <summary>Here, and busy.</summary>
    public const string Busy = "busy";

    /// <summary>Here, and not to be disturbed.</summary>
    public const string DoNotDisturb = "doNotDisturb";

    /// <summary>Here, but not active.</summary>
    public const string Away = "away";

    /// <summary>Not here; only answered.</summary>
    public const string Offline = "offline";

    /// <summary>Offline to everybody else; only to be chosen, by users.</summary>
    public const string Invisible = "invisible";
}

/// <summary>How a conversation is told of changes.</summary>
public static class ConversationMode
{
    /// <summary>Who has changed.</summary>
    public const string Names = "names";

    /// <summary>How many are here.</summary>
    public const string Counts = "counts";
}
