using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>
/// What the application has said of who may see a user, and whom the user may see, beside what conversations say. What concerns two users
/// stands in the records of both, so that the records of one are enough to tell its news, and erasing one leaves nothing in the other's.
/// </summary>
public sealed record Relations
{
    /// <summary>The most other users of each kind. Bounds the row's size.</summary>
    public const int MaxUsers = 100;

    /// <summary>The most conversations of each kind.</summary>
    public const int MaxConversations = 50;

    /// <summary>Nothing.</summary>
    public static Relations None { get; } = new();

    /// <summary>The users who may see this one without a conversation in common.</summary>
    public ImmutableArray<PresenceKey> SeenBy { get; init; } = [];

    /// <summary>The users whom this one may see so.</summary>
    public ImmutableArray<PresenceKey> Sees { get; init; } = [];

    /// <summary>The conversations whose members may see this user without being in one with it.</summary>
    public ImmutableArray<string> SeenIn { get; init; } = [];

    /// <summary>The users with whom neither sees the other.</summary>
    public ImmutableArray<Block> Blocks { get; init; } = [];

    /// <summary>The conversations with whose members neither sees the other.</summary>
    public ImmutableArray<string> BlockedConversations { get; init; } = [];

    /// <summary>Those of the user's own conversations that somebody has blocked: its news is not for everybody in the others.</summary>
    public ImmutableArray<string> Guarded { get; init; } = [];

    /// <summary>
    /// When who may see this user, or whom it may see, or how, was last changed, its conversations among the reasons; null if it never was. An
    /// answer from before says nothing of what has changed since.
    /// </summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>Whether some who share a conversation with the user must not hear of it, or it not of them.</summary>
    public bool AreRestricting => !(Blocks.IsEmpty && BlockedConversations.IsEmpty && Guarded.IsEmpty);

    /// <summary>Whether there is nothing that says anything.</summary>
    public bool AreNone => !AreRestricting && SeenBy.IsEmpty && Sees.IsEmpty && SeenIn.IsEmpty;
}
