using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Rules;

/// <summary>
/// Who sees what of whom. Reads, snapshots, rosters, counts and messages all go by this. Who may not see somebody is told what is told of an
/// id that nobody knows; to whoever is blocked the other has left, and does not come back.
/// </summary>
internal static class VisibilityRules
{
    /// <summary>What a viewer sees of a subject.</summary>
    /// <param name="viewer">Who looks.</param>
    /// <param name="viewing">Its records.</param>
    /// <param name="subject">At whom.</param>
    /// <param name="seen">Its records.</param>
    /// <param name="options">The settings.</param>
    public static PresenceView View(PresenceKey viewer, UserRecords viewing, PresenceKey subject, UserRecords seen, PresenceOptions options)
    {
        var view = MayHear(viewer, viewing, subject, seen, options) ? seen.ViewOf(subject)
            : !MayLook(viewer, viewing, seen, options) || BlocksOneOf(viewing, seen, options) ? Unknown(subject)
            : BlockOf(viewing, subject) is { } block ? Left(block)
            : Unknown(subject);
        return viewing.Privacy.LastSeen == LastSeenPrecision.Nobody ? view.Untimed() : view;
    }

    /// <summary>Whether a viewer sees that a subject is here.</summary>
    public static bool IsSeen(PresenceKey viewer, UserRecords viewing, PresenceKey subject, UserRecords seen, PresenceOptions options) =>
        View(viewer, viewing, subject, seen, options).IsOnline;

    /// <summary>Whether a viewer may be told of a subject as it is.</summary>
    public static bool MayHear(PresenceKey viewer, UserRecords viewing, PresenceKey subject, UserRecords seen, PresenceOptions options) =>
        viewer == subject
        || (MayLook(viewer, viewing, seen, options) && !BlocksOneOf(viewing, seen, options) && BlockOf(viewing, subject) is null);

    /// <summary>What is told of an id that nobody knows.</summary>
    public static PresenceView Unknown(PresenceKey subject) => default(UserRecords).ViewOf(subject);

    /// <summary>What is told to one of two who do not see each other: that the other has left.</summary>
    public static PresenceView Left(Block block) => Unknown(block.Other) with
    {
        LastActiveAt = block.LastSeenAt, LastSeenAt = block.LastSeenAt, Version = block.Version,
    };

    /// <summary>The conversations that a user is in: whoever is in no other is in the default one, here or not.</summary>
    public static ImmutableArray<string> ConversationsOf(UserRecords records, PresenceOptions options) =>
        !records.Conversations.IsEmpty ? records.Conversations
        : options.DefaultConversation is { Length: > 0 } fallback ? [fallback]
        : [];

    /// <summary>What keeps two users from seeing each other; null for nothing.</summary>
    public static Block? BlockOf(UserRecords viewing, PresenceKey subject) =>
        viewing.Relations.Blocks.IsEmpty ? null : viewing.Relations.Blocks.FirstOrDefault(block => block.Other == subject);

    /// <summary>Whether a viewer may know of a subject at all, if neither has blocked the other.</summary>
    private static bool MayLook(PresenceKey viewer, UserRecords viewing, UserRecords seen, PresenceOptions options)
    {
        if (seen.Privacy.IsHidden)
        {
            return false;
        }

        var own = ConversationsOf(viewing, options);
        return options.Visibility == Visibility.Everybody
            || ConversationsOf(seen, options).Any(own.Contains)
            || seen.Relations.SeenBy.Contains(viewer)
            || seen.Relations.SeenIn.Any(own.Contains);
    }

    private static bool BlocksOneOf(UserRecords one, UserRecords other, PresenceOptions options) =>
        one.Relations.BlockedConversations.Any(ConversationsOf(other, options).Contains)
        || other.Relations.BlockedConversations.Any(ConversationsOf(one, options).Contains);
}
