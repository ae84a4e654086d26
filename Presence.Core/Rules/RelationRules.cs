using System.Collections.Immutable;
using Presence.Core.Domain;

namespace Presence.Core.Rules;

/// <summary>
/// What the application says of who may see whom. Saying it again changes nothing. Whoever sees less is told that the user has left, under a
/// version of its own; nobody else is.
/// </summary>
internal static class RelationRules
{
    public static Decision OnSeenBy(Situation situation, PresenceEvent.SeenBy seenBy)
    {
        var relations = situation.Before.Relations;
        if (relations.SeenBy.Contains(seenBy.Viewer) == seenBy.Holds)
        {
            return situation.Unchanged();
        }

        var after = With(situation, relations with { SeenBy = Changed(relations.SeenBy, seenBy.Viewer, seenBy.Holds, "viewerId") });
        return seenBy is { IsTold: true, Holds: false } && situation.Before.Status != PresenceStatus.Offline
            ? situation.IsNewsTo(seenBy.Viewer, after, VisibilityRules.Unknown(situation.User))
            : Situation.Becomes(after);
    }

    public static Decision OnSees(Situation situation, PresenceEvent.Sees sees)
    {
        var relations = situation.Before.Relations;
        return relations.Sees.Contains(sees.Subject) == sees.Holds
            ? situation.Unchanged()
            : Situation.Becomes(
                With(situation, relations with { Sees = Changed(relations.Sees, sees.Subject, sees.Holds, "userId") }),
                sees.Holds ? null : new Duty { Unwatched = [sees.Subject] });
    }

    public static Decision OnSeenIn(Situation situation, PresenceEvent.SeenIn seenIn)
    {
        var relations = situation.Before.Relations;
        if (relations.SeenIn.Contains(seenIn.ConversationId) == seenIn.Holds)
        {
            return situation.Unchanged();
        }

        var after = With(situation, relations with { SeenIn = Changed(relations.SeenIn, seenIn.ConversationId, seenIn.Holds) });
        return !seenIn.Holds && situation.Before is { IsWatched: true, Status: not PresenceStatus.Offline }
            ? situation.IsFarewell(seenIn.ConversationId, after)
            : Situation.Becomes(after);
    }

    public static Decision OnBlocked(Situation situation, PresenceEvent.Blocked blocked)
    {
        var (before, relations) = (situation.Before, situation.Before.Relations);
        var others = relations.Blocks.RemoveAll(block => block.Other == blocked.Other);
        if (others.Length == relations.Blocks.Length == blocked.Block is null)
        {
            return situation.Unchanged();
        }

        var after = With(situation, relations with { Blocks = blocked.Block is { } block ? Added(relations.Blocks, block, Relations.MaxUsers, "otherId", "users") : others });
        return !blocked.IsTold || before.Status == PresenceStatus.Offline ? Situation.Becomes(after)
            : situation.IsNewsTo(blocked.Other, after, blocked.Block is null ? after.ViewOf(situation.User) : AsLeft(situation.User, before.Online!), blocked.Version);
    }

    public static Decision OnBlockedIn(Situation situation, PresenceEvent.BlockedIn blocked)
    {
        var (before, relations) = (situation.Before, situation.Before.Relations);
        if (relations.BlockedConversations.Contains(blocked.ConversationId) == blocked.Holds)
        {
            return situation.Unchanged();
        }

        var after = With(
            situation,
            relations with { BlockedConversations = Changed(relations.BlockedConversations, blocked.ConversationId, blocked.Holds) });
        return before.Status == PresenceStatus.Offline
            ? Situation.Becomes(after, LeavingRules.Closing(before.Connections))
            : situation.IsNewsToMembersOf(
                blocked.ConversationId,
                after,
                blocked.Holds ? AsLeft(situation.User, before.Online!) : after.ViewOf(situation.User),
                LeavingRules.Closing(before.Connections));
    }

    public static Decision OnGuarded(Situation situation, PresenceEvent.Guarded guarded)
    {
        var relations = situation.Before.Relations;
        return relations.Guarded.Contains(guarded.ConversationId) == guarded.Holds
            || (guarded.Holds && !situation.Before.Conversations.Contains(guarded.ConversationId))
                ? situation.Unchanged()
                : Situation.Becomes(With(situation, relations with { Guarded = Changed(relations.Guarded, guarded.ConversationId, guarded.Holds) }));
    }

    /// <summary>That no more are kept than so many.</summary>
    public static InvalidInputException OneTooMany(string field, int most, string what) =>
        new(field, $"would be one too many: at most {most} {what} are kept of a kind for each user");

    /// <summary>How a user who is here would appear, had it left after its last activity.</summary>
    private static PresenceView AsLeft(PresenceKey user, OnlineRecord online) =>
        (VisibilityRules.Unknown(user) with { LastActiveAt = online.LastActiveAt, LastSeenAt = online.LastActiveAt }).As(online.Privacy.LastSeen);

    private static UserRecords With(Situation situation, Relations relations)
    {
        relations = relations with { ChangedAt = situation.Now };
        return situation.Before is { Profile.ErasedAt: not null, Online: null }
            ? ActivityRules.WithoutSignOut(situation.Before).With(record => ((ProfileRecord)record) with
            {
                Relations = relations,
                LeftAt = situation.Before.Profile.LeftAt,
                SignedOutAt = situation.Before.Profile.SignedOutAt,
            })
            : situation.Before.With(record => record with { Relations = relations });
    }

    private static ImmutableArray<PresenceKey> Changed(ImmutableArray<PresenceKey> users, PresenceKey user, bool holds, string field) =>
        holds ? Added(users, user, Relations.MaxUsers, field, "users") : users.Remove(user);

    private static ImmutableArray<string> Changed(ImmutableArray<string> conversations, string conversationId, bool holds) =>
        holds ? Added(conversations, conversationId, Relations.MaxConversations, "conversationId", "conversations") : conversations.Remove(conversationId);

    private static ImmutableArray<T> Added<T>(ImmutableArray<T> all, T one, int most, string field, string what) => all.Length < most
        ? all.Add(one)
        : throw OneTooMany(field, most, what);
}
