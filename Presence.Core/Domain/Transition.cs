using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>News of one user, decided once, by whoever's write made it.</summary>
/// <param name="User">Of whom.</param>
/// <param name="View">What others are told.</param>
/// <param name="Conversations">Who is told: the conversations the user is, or was until now, in.</param>
/// <param name="IsWatched">Whether those who watch the user are told as well.</param>
/// <param name="DecidedAt">When it was decided.</param>
public sealed record Transition(
    PresenceKey User, PresenceView View, ImmutableArray<string> Conversations, bool IsWatched, DateTimeOffset DecidedAt)
{
    /// <summary>What the application has said of who may hear of the user.</summary>
    public Relations Relations { get; init; } = Relations.None;

    /// <summary>Whether it is told because the user has come into these conversations: then the message says so, for many know already how it is.</summary>
    public bool IsOfJoining { get; init; }

    /// <summary>Conversations that are told counts instead: those of their members who watch the user are told all the same.</summary>
    public ImmutableArray<string> Large { get; init; } = [];

    /// <summary>Where the news is for one other user alone, whatever it listens to: who that is.</summary>
    public PresenceKey? Only { get; init; }

    /// <summary>Where the news is for the members of one conversation alone, whatever else they listen to: which.</summary>
    public string? OnlyMembersOf { get; init; }

    /// <summary>A conversation whose members might see the user until now: those who watch it because of that are told first that it is gone.</summary>
    public string? FarewellIn { get; init; }

    /// <summary>Under which version they are.</summary>
    public long FarewellVersion { get; init; }

    /// <summary>Whether it is for some alone.</summary>
    internal bool IsForSome => Only is not null || OnlyMembersOf is not null;
}
