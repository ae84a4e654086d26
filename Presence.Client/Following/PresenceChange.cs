using Presence.Client.Model;

namespace Presence.Client.Following;

/// <summary>What a follower has heard.</summary>
public abstract record PresenceChange
{
    private protected PresenceChange()
    {
    }
}

/// <summary>A user is another way than before.</summary>
/// <param name="UserId">Who.</param>
/// <param name="From">How it was shown; null if it was not.</param>
/// <param name="To">How it is; null if it is not followed any more.</param>
/// <param name="Cause">How that was found out.</param>
public sealed record UserChanged(string UserId, PresenceView? From, PresenceView? To, ChangeCause Cause) : PresenceChange;

/// <summary>A conversation has come, or has other counts, or another mode.</summary>
/// <param name="ConversationId">Which.</param>
/// <param name="To">How it is; null if it is not heard any more.</param>
public sealed record ConversationChanged(string ConversationId, FollowedConversation? To) : PresenceChange;

/// <summary>The reader was too slow: so many changes were left out. What is now is in <see cref="PresenceFollower.Users"/>.</summary>
/// <param name="Count">How many.</param>
public sealed record ChangesMissed(long Count) : PresenceChange;

/// <summary>How a change was found out.</summary>
public enum ChangeCause
{
    /// <summary>By a message, as it happened.</summary>
    Live,

    /// <summary>By asking, after something may have been missed.</summary>
    Resync,
}

/// <summary>A conversation that is heard.</summary>
public sealed record FollowedConversation
{
    /// <summary>Which.</summary>
    public string ConversationId { get; init; } = "";

    /// <summary>One of <see cref="ConversationMode"/>. In mode counts nobody is named, and the counts are kept up to date.</summary>
    public string Mode { get; init; } = ConversationMode.Names;

    /// <summary>The counts as last told: in mode names those of the last snapshot or roster.</summary>
    public Occupancy Occupancy { get; init; } = new();
}

/// <summary>How a follower stands.</summary>
public enum FollowerState
{
    /// <summary>It has not begun, or was stopped.</summary>
    Stopped,

    /// <summary>It connects; what it shows is what it knew.</summary>
    Connecting,

    /// <summary>It hears of every change.</summary>
    Live,

    /// <summary>It waits before it connects again; what it shows is what it knew.</summary>
    Waiting,

    /// <summary>The user has signed out, or was signed out: it does not connect again.</summary>
    SignedOut,
}
