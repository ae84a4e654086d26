using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>What a change still owes others. Each part may be done twice without harm.</summary>
public sealed record Duty
{
    /// <summary>The news to tell, and to whom; null for none.</summary>
    public Transition? News { get; init; }

    /// <summary>What rosters are to say of the user; null where they say it already.</summary>
    public RosterChange? Roster { get; init; }

    /// <summary>The connections of the user that the following is about.</summary>
    public ImmutableArray<string> Connections { get; init; } = [];

    /// <summary>The conversations whose messages the connections are to get, and whose state they are to be told.</summary>
    public ImmutableArray<string> Entered { get; init; } = [];

    /// <summary>The users that the connections watch: the same for these.</summary>
    public ImmutableArray<PresenceKey> Watched { get; init; } = [];

    /// <summary>The conversations whose messages the user is to get no more, on these connections or others.</summary>
    public ImmutableArray<string> Exited { get; init; } = [];

    /// <summary>Whether the connections are new: nothing has been told to them yet.</summary>
    public bool IsWelcome { get; init; }

    /// <summary>Users whom this one watched because the application let it see them, and does so no more.</summary>
    public ImmutableArray<PresenceKey> Unwatched { get; init; } = [];

    /// <summary>Whether the user hides when it was last active, and so does not learn it of others.</summary>
    public bool IsUntimed { get; init; }

    /// <summary>
    /// Whether some must not hear of the user, or it not of them. Those who tell news leave out the connections that they find in the records of
    /// these; a new one begins to listen only when everybody finds it.
    /// </summary>
    public bool IsRestricted { get; init; }

    /// <summary>Whether the user's own connections are to be told how it stands.</summary>
    public bool IsToldToOneself { get; init; }

    /// <summary>Further connections of the user, which are to be closed because they have become too many, or watch whom they may not see any more.</summary>
    public ImmutableArray<string> GivingWay { get; init; } = [];

    /// <summary>Whether the connections are to be closed.</summary>
    public bool Closes { get; init; }

    /// <summary>Whether groups or connections are concerned, and not messages alone.</summary>
    public bool IsAboutConnections => Closes || IsWelcome || !Exited.IsEmpty || !Unwatched.IsEmpty || (!Entered.IsEmpty && !Connections.IsEmpty);
}
