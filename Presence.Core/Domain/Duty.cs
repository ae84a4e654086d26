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

    /// <summary>Whether the user's own connections are to be told how it stands.</summary>
    public bool IsToldToOneself { get; init; }

    /// <summary>Further connections of the user, which are to be closed because they have become too many.</summary>
    public ImmutableArray<string> GivingWay { get; init; } = [];

    /// <summary>Whether the connections are to be closed.</summary>
    public bool Closes { get; init; }

    /// <summary>Whether groups or connections are concerned, and not messages alone.</summary>
    public bool IsAboutConnections => Closes || IsWelcome || !Exited.IsEmpty || (!Entered.IsEmpty && !Connections.IsEmpty);
}
