using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>Which events a webhook is sent: those that each of its parts lets through. A part that is null lets everything through, an empty one nothing.</summary>
/// <param name="Kinds">Events of these kinds.</param>
/// <param name="Conversations">Events of users who are in one of these conversations since the event, or were until then.</param>
/// <param name="Users">Events of these users.</param>
public sealed record WebhookFilter(
    ImmutableArray<UserEventKind>? Kinds = null, ImmutableArray<string>? Conversations = null, ImmutableArray<PresenceKey>? Users = null)
{
    /// <summary>The most conversations, and the most users.</summary>
    public const int Most = 50;

    /// <summary>Lets everything through.</summary>
    public static WebhookFilter Everything { get; } = new();

    /// <summary>
    /// Whether an event is let through. Erasures are whatever users and conversations are asked for: whoever keeps something of the user has to hear of
    /// it, and an erasure names no conversations.
    /// </summary>
    public bool Lets(UserEvent told) =>
        HasKind(told) && (told.Kind == UserEventKind.Erased || ((Users?.Contains(told.User) ?? true) && (Conversations?.Any(id => Concerns(told, id)) ?? true)));

    /// <summary>Whether it names a user.</summary>
    public bool Names(PresenceKey user) => Users?.Contains(user) == true;

    /// <summary>The same without a user.</summary>
    public WebhookFilter Without(PresenceKey user) => Names(user) ? this with { Users = Users!.Value.RemoveAll(one => one == user) } : this;

    /// <summary>An event that tells more than one thing is named after the first; that somebody has come into a conversation, or left, it says beside that.</summary>
    private bool HasKind(UserEvent told) => Kinds is not { } kinds || kinds.Contains(told.Kind)
        || (kinds.Contains(UserEventKind.Membership) && !(told.Joined.IsEmpty && told.Left.IsEmpty));

    private static bool Concerns(UserEvent told, string conversation) => told.Conversations.Contains(conversation) || told.Left.Contains(conversation);
}
