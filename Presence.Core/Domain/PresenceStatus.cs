namespace Presence.Core.Domain;

/// <summary>What others are told about a user.</summary>
public enum PresenceStatus
{
    /// <summary>Gone: no connection, no activity for long enough, or signed out.</summary>
    Offline,

    /// <summary>Here and active.</summary>
    Online,

    /// <summary>Connected, but without activity for <c>AwayAfter</c>.</summary>
    Away,
}
