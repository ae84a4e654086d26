using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>What can happen to a user's presence.</summary>
public abstract record PresenceEvent
{
    private PresenceEvent()
    {
    }

    /// <summary>An authenticated call of the user.</summary>
    /// <param name="BeganAt">When the request began.</param>
    /// <param name="At">When the user did what the call tells of; null where it does not say, which means as it is decided.</param>
    /// <param name="IssuedAt">When the caller's credentials were issued; null where they do not say.</param>
    /// <param name="Force">Skips the throttle, and asks neither when the request began nor when its credentials were issued.</param>
    public sealed record Activity(
        DateTimeOffset BeganAt, DateTimeOffset? At = null, DateTimeOffset? IssuedAt = null, bool Force = false) : PresenceEvent;

    /// <summary>An activity that a window held back, told when its user has gone quiet.</summary>
    /// <param name="At">When the user did it.</param>
    public sealed record HeldActivity(DateTimeOffset At) : PresenceEvent;

    /// <summary>A connection opened.</summary>
    /// <param name="ConnectionId">Which.</param>
    /// <param name="NegotiatedAt">When it was negotiated; null where that is not known.</param>
    /// <param name="ActiveAt">When the user was last active, by its client; null where it does not say.</param>
    /// <param name="Watching">The users it watches.</param>
    /// <param name="Device">Where its client runs; null where it does not say.</param>
    public sealed record Connected(
        string ConnectionId, DateTimeOffset? NegotiatedAt = null, DateTimeOffset? ActiveAt = null, ImmutableArray<PresenceKey> Watching = default,
        Device? Device = null)
        : PresenceEvent;

    /// <summary>The client of a connection says something else of where it runs.</summary>
    /// <param name="ConnectionId">Which.</param>
    /// <param name="Kind">The kind of its device; null where that stays.</param>
    /// <param name="IsForeground">Whether it is in front of its user; null where that stays.</param>
    /// <param name="IssuedAt">When the caller's credentials were issued; null where they do not say.</param>
    public sealed record DeviceChanged(string ConnectionId, string? Kind, bool? IsForeground, DateTimeOffset? IssuedAt = null) : PresenceEvent;

    /// <summary>The client of a connection names users whom it watches.</summary>
    /// <param name="ConnectionId">Which.</param>
    /// <param name="IssuedAt">When the caller's credentials were issued; null where they do not say.</param>
    public sealed record BeganWatching(string ConnectionId, DateTimeOffset? IssuedAt = null) : PresenceEvent;

    /// <summary>The user signs out where one of its connections comes from.</summary>
    /// <param name="ConnectionId">Which.</param>
    /// <param name="IssuedAt">When the caller's credentials were issued; null where they do not say.</param>
    public sealed record DeviceSignedOut(string ConnectionId, DateTimeOffset? IssuedAt = null) : PresenceEvent;

    /// <summary>A connection closed.</summary>
    public sealed record Disconnected(string ConnectionId) : PresenceEvent;

    /// <summary>The service was asked for connections that gave no sign for long: which it still has, and which not.</summary>
    /// <param name="Alive">Those it still has.</param>
    /// <param name="Gone">Those it has not.</param>
    /// <param name="Patience">As for <see cref="Due"/>.</param>
    public sealed record ConnectionsChecked(IReadOnlySet<string> Alive, IReadOnlySet<string> Gone, TimeSpan Patience = default) : PresenceEvent;

    /// <summary>The user signed out, or its sessions were revoked.</summary>
    /// <param name="IsRevoked">Whether all credentials issued so far are worth nothing any more.</param>
    public sealed record SignedOut(bool IsRevoked = false) : PresenceEvent;

    /// <summary>The user is signed out and kept out, or let in again.</summary>
    /// <param name="Until">Until when nothing brings it back; null to let it in.</param>
    public sealed record Banned(DateTimeOffset? Until) : PresenceEvent;

    /// <summary>An administrator set the status by hand.</summary>
    public sealed record SetByAdministrator(bool IsOnline) : PresenceEvent;

    /// <summary>Somebody has chosen what others see of the user.</summary>
    /// <param name="Source">Who.</param>
    /// <param name="Choice">What; null for what connections and activity say.</param>
    /// <param name="IssuedAt">When the credentials of who has chosen were issued; null where they do not say, and for the application.</param>
    public sealed record Chosen(ChoiceSource Source, Choice? Choice, DateTimeOffset? IssuedAt = null) : PresenceEvent;

    /// <summary>The user has said what others may know of it.</summary>
    /// <param name="IsHidden">Whether nobody is to see it at all; null where that stays.</param>
    /// <param name="LastSeen">How exactly others learn when it was last active; null where that stays.</param>
    /// <param name="IssuedAt">When the credentials of the user were issued; null where they do not say.</param>
    public sealed record PrivacyChosen(bool? IsHidden, LastSeenPrecision? LastSeen, DateTimeOffset? IssuedAt = null) : PresenceEvent;

    /// <summary>The application lets another user see this one without a conversation in common, or does so no more.</summary>
    /// <param name="Viewer">Whom.</param>
    /// <param name="Holds">Whether it does.</param>
    /// <param name="IsTold">Whether the viewer is to be told of it, as that changes what it sees.</param>
    public sealed record SeenBy(PresenceKey Viewer, bool Holds, bool IsTold = false) : PresenceEvent;

    /// <summary>The other half of it: the application lets this user see another one, or does so no more.</summary>
    public sealed record Sees(PresenceKey Subject, bool Holds) : PresenceEvent;

    /// <summary>The application lets the members of a conversation see this user, or does so no more.</summary>
    public sealed record SeenIn(string ConversationId, bool Holds) : PresenceEvent;

    /// <summary>The application keeps this user and another one from seeing each other, or does so no more.</summary>
    /// <param name="Other">The other user.</param>
    /// <param name="Block">How the other appears from now on; null where they may see each other again.</param>
    /// <param name="IsTold">Whether the other is to be told of it, as that changes what it sees.</param>
    /// <param name="Version">The version under which that is told, where it can be: the other remembers it already. 0 for any.</param>
    public sealed record Blocked(PresenceKey Other, Block? Block, bool IsTold = false, long Version = 0) : PresenceEvent;

    /// <summary>The application keeps this user and the members of a conversation from seeing each other, or does so no more.</summary>
    public sealed record BlockedIn(string ConversationId, bool Holds) : PresenceEvent;

    /// <summary>Somebody has blocked a conversation of the user, or nobody does any more.</summary>
    public sealed record Guarded(string ConversationId, bool Holds) : PresenceEvent;

    /// <summary>Time passed: the sweep came by.</summary>
    /// <param name="Patience">How much longer than usual the user may have been without activity; zero unless calls could not be recorded.</param>
    public sealed record Due(TimeSpan Patience = default) : PresenceEvent;

    /// <summary>The user is to be in a conversation.</summary>
    /// <param name="ConversationId">Which.</param>
    /// <param name="IsGuarded">Whether somebody is known to have blocked it.</param>
    public sealed record Joined(string ConversationId, bool IsGuarded = false) : PresenceEvent;

    /// <summary>The user is not to be in a conversation.</summary>
    public sealed record Left(string ConversationId) : PresenceEvent;

    /// <summary>Somebody asked to be told of the user.</summary>
    public sealed record Watched : PresenceEvent;

    /// <summary>The clean-up came by: an anonymous participant last seen at or before the time given is forgotten.</summary>
    public sealed record Retired(DateTimeOffset LastSeenUntil) : PresenceEvent;

    /// <summary>
    /// The user is to be erased: one who is here leaves, and one who is not is forgotten. To be repeated until nothing is left but a
    /// tombstone.
    /// </summary>
    public sealed record Erased : PresenceEvent;
}
