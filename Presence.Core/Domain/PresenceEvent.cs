namespace Presence.Core.Domain;

/// <summary>What can happen to a user's presence.</summary>
public abstract record PresenceEvent
{
    private PresenceEvent()
    {
    }

    /// <summary>An authenticated call of the user. <paramref name="BeganAt"/>: when the request began; <paramref name="Force"/> skips the throttle.</summary>
    public sealed record Activity(DateTimeOffset BeganAt, bool Force = false) : PresenceEvent;

    /// <summary>A connection opened.</summary>
    public sealed record Connected(string ConnectionId) : PresenceEvent;

    /// <summary>A connection closed.</summary>
    public sealed record Disconnected(string ConnectionId) : PresenceEvent;

    /// <summary>The service was asked for connections that gave no sign for long: which it still has, and which not.</summary>
    public sealed record ConnectionsChecked(IReadOnlySet<string> Alive, IReadOnlySet<string> Gone) : PresenceEvent;

    /// <summary>The user signed out.</summary>
    public sealed record SignedOut : PresenceEvent;

    /// <summary>An administrator set the status by hand.</summary>
    public sealed record SetByAdministrator(bool IsOnline) : PresenceEvent;

    /// <summary>Time passed: the sweep came by.</summary>
    public sealed record Due : PresenceEvent;

    /// <summary>The user was put into a conversation.</summary>
    public sealed record Joined(string ConversationId) : PresenceEvent;

    /// <summary>The user was taken out of a conversation.</summary>
    public sealed record Left(string ConversationId) : PresenceEvent;

    /// <summary>Somebody asked to be told of the user.</summary>
    public sealed record Watched : PresenceEvent;

    /// <summary>The clean-up came by: an anonymous participant last seen at or before the time given is forgotten.</summary>
    public sealed record Retired(DateTimeOffset LastSeenUntil) : PresenceEvent;

    /// <summary>
    /// The user is to be erased: one who is here leaves, and one who is not is forgotten, but not before all its connections are among
    /// those closed. To be repeated until nothing is left.
    /// </summary>
    public sealed record Erased(IReadOnlySet<string> ClosedConnections) : PresenceEvent;
}
