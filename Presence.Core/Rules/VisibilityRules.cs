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
        var view = viewer == subject ? seen.ViewOf(subject)
            : seen.Privacy.IsHidden || !MayLook(viewer, viewing, seen, options) || BlocksOneOf(viewing, seen, options) ? Unknown(subject)
            : BlockOf(viewing, subject) is { } block ? Left(block)
            : BlockOf(seen, viewer) is not null ? Unknown(subject)
            : seen.ViewOf(subject);
        return IsUntimed(viewing.Privacy, options) ? view.Untimed() : view;
    }

    /// <summary>Whether a viewer sees a subject as it is, and not as somebody who is unknown or has left.</summary>
    public static bool SeesAsItIs(PresenceKey viewer, UserRecords viewing, PresenceKey subject, UserRecords seen, PresenceOptions options) =>
        viewer == subject
        || (!seen.Privacy.IsHidden && MayLook(viewer, viewing, seen, options) && !BlocksOneOf(viewing, seen, options)
            && BlockOf(viewing, subject) is null && BlockOf(seen, viewer) is null);

    /// <summary>
    /// Whether a viewer may know when a subject used to be here: it sees the subject as it is, the subject tells to the moment when it was last active, and
    /// so does the viewer, or does not hide it at least.
    /// </summary>
    public static bool KnowsPast(PresenceKey viewer, UserRecords viewing, PresenceKey subject, UserRecords seen, PresenceOptions options) =>
        viewer == subject
        || (SeesAsItIs(viewer, viewing, subject, seen, options) && seen.Privacy.LastSeen == LastSeenPrecision.Exact && !IsUntimed(viewing.Privacy, options));

    /// <summary>Whether a viewer may see less than others in the same conversations.</summary>
    public static bool IsLimited(UserRecords viewing, PresenceOptions options) => IsUntimed(viewing.Privacy, options) || viewing.Relations.AreRestricting;

    /// <summary>Whether a user who hides when it was last active, and so does not learn it of others, may.</summary>
    public static bool IsUntimed(Privacy privacy, PresenceOptions options) => privacy.LastSeen == LastSeenPrecision.Nobody && options.LastSeenCanBeHidden;

    /// <summary>What a viewer sees of a roster that it may read: whom it may not see is named as one who was never here, or not at all where only those are named who are.</summary>
    /// <param name="viewer">Who looks.</param>
    /// <param name="viewing">Its records.</param>
    /// <param name="roster">The roster as it is.</param>
    /// <param name="isBlocked">Whether a user of this id is in a conversation that the viewer has blocked.</param>
    /// <param name="options">The settings.</param>
    /// <param name="now">The time.</param>
    public static Roster RosterOf(
        PresenceKey viewer, UserRecords viewing, Roster roster, Func<string, bool> isBlocked, PresenceOptions options, DateTimeOffset now)
    {
        var (id, own) = (viewer.ToString(), ConversationsOf(viewing, options));
        var isUntimed = IsUntimed(viewing.Privacy, options);
        var blocks = viewing.Relations.Blocks.ToDictionary(block => block.Other.ToString(), StringComparer.Ordinal);
        var seen = roster.Named.Select(member =>
        {
            var user = member.View.UserId;
            var instead = user == id ? null
                : isBlocked(user) || member.View.HiddenFrom?.Split('|').Any(own.Contains) == true ? Unknown(PresenceKey.Parse(user))
                : blocks.TryGetValue(user, out var block) ? Left(block)
                : null;
            var view = (instead ?? member.View).At(now);

            // When it was written tells that somebody who has left for the viewer is still about.
            return new RosterMember(isUntimed ? view.Untimed() : view, instead is null ? member.WrittenAt : DateTimeOffset.UnixEpoch)
            {
                IsShownInstead = instead is not null,
            };
        });
        var named = seen.Where(member => member.View.IsOnline || roster.ConversationId != options.DefaultConversation);
        var whole = new Roster(roster.ConversationId, [.. named])
        {
            IsLarge = roster.IsLarge, Took = roster.Took, IsUntimed = isUntimed,
        };

        // A large conversation is told its counts, and everybody the same.
        return roster.IsLarge ? whole with { Occupancy = roster.Occupancy } : whole;
    }

    /// <summary>Whether a viewer sees that a subject is here.</summary>
    public static bool IsSeen(PresenceKey viewer, UserRecords viewing, PresenceKey subject, UserRecords seen, PresenceOptions options) =>
        View(viewer, viewing, subject, seen, options).IsOnline;

    /// <summary>What is told of an id that nobody knows.</summary>
    public static PresenceView Unknown(PresenceKey subject) => default(UserRecords).ViewOf(subject);

    /// <summary>What is told to one of two who do not see each other: that the other has left.</summary>
    public static PresenceView Left(Block block) =>
        (Unknown(block.Other) with { LastActiveAt = block.LastSeenAt, LastSeenAt = block.LastSeenAt, Version = block.Version })
        .As(block.IsCoarse ? LastSeenPrecision.Coarse : LastSeenPrecision.Exact);

    /// <summary>The conversations that a user is in: whoever is in no other is in the default one, here or not.</summary>
    public static ImmutableArray<string> ConversationsOf(UserRecords records, PresenceOptions options) =>
        !records.Conversations.IsEmpty ? records.Conversations
        : options.DefaultConversation is { Length: > 0 } fallback ? [fallback]
        : [];

    /// <summary>What keeps two users from seeing each other; null for nothing.</summary>
    public static Block? BlockOf(UserRecords viewing, PresenceKey subject) =>
        viewing.Relations.Blocks.IsEmpty ? null : viewing.Relations.Blocks.FirstOrDefault(block => block.Other == subject);

    /// <summary>Whether a viewer may see a subject, if neither has blocked the other and the subject does not hide.</summary>
    public static bool MayLook(PresenceKey viewer, UserRecords viewing, UserRecords seen, PresenceOptions options)
    {
        var own = ConversationsOf(viewing, options);
        return options.Visibility == Visibility.Everybody
            || ConversationsOf(seen, options).Any(own.Contains)
            || seen.Relations.SeenBy.Contains(viewer)
            || seen.Relations.SeenIn.Any(own.Contains);
    }

    /// <summary>Whether a viewer, if neither has blocked the other, may have heard of a subject by itself: in a conversation, or because it watches it.</summary>
    public static bool MayKnow(PresenceKey viewer, UserRecords viewing, UserRecords seen, PresenceOptions options) =>
        ConversationsOf(seen, options).Any(ConversationsOf(viewing, options).Contains) || (seen.IsWatched && MayLook(viewer, viewing, seen, options));

    /// <summary>Whether one of two has blocked a conversation that the other is in.</summary>
    public static bool BlocksOneOf(UserRecords one, UserRecords other, PresenceOptions options) =>
        one.Relations.BlockedConversations.Any(ConversationsOf(other, options).Contains)
        || other.Relations.BlockedConversations.Any(ConversationsOf(one, options).Contains);
}
