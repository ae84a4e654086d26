using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Rules;

/// <summary>What changes are to those who follow the feed of events: as others see the user, and no more of it.</summary>
internal static class EventRules
{
    /// <summary>The event of a change; null for one that is none to others, such as all that somebody invisible does.</summary>
    /// <param name="user">Whose records.</param>
    /// <param name="before">The records as loaded.</param>
    /// <param name="after">The records as they are to be, as the rules have decided.</param>
    /// <param name="now">The time of the decision.</param>
    /// <param name="options">The settings.</param>
    public static UserEvent? Of(PresenceKey user, UserRecords before, UserRecords after, DateTimeOffset now, PresenceOptions options)
    {
        if (options.EventRetention == TimeSpan.Zero || KindOf(before, after) is not { } kind)
        {
            return null;
        }

        // Nothing is left of whoever is forgotten, and so no revision either: the present has passed this one, and so has whatever it does when it comes back.
        var version = after == default ? before.Revision + 1 : after.Revision;
        return kind == UserEventKind.Erased ? new(kind, user, version, now) : new(kind, user, version, MomentOf(after, now))
        {
            View = after.ViewOf(user).At(now) with { Version = version },
            Conversations = VisibilityRules.ConversationsOf(after, options),
            Joined = Without(after, before, options),
            Left = Without(before, after, options),
        };
    }

    /// <summary>
    /// The conversations of one that are none of the other: also the default one, which is left for any other and come back to. Of whom nothing is known it is
    /// not said that it was there.
    /// </summary>
    private static ImmutableArray<string> Without(UserRecords one, UserRecords other, PresenceOptions options)
    {
        var byDefault = one == default ? [] : VisibilityRules.ConversationsOf(one, options).Except(VisibilityRules.ConversationsOf(other, options));
        return [.. one.Conversations.Except(other.Conversations).Union(byDefault)];
    }

    /// <summary>Whether a change is one whose records must say so by their revision, whatever rosters say.</summary>
    public static bool IsOfItsOwn(UserRecords before, UserRecords after) =>
        IsErasure(before, after) || !after.Conversations.SequenceEqual(before.Conversations);

    /// <summary>
    /// Whether nothing of the user need be remembered for its versions to rise: the present has passed them. Those of one who does not want its last activity
    /// known exactly lie ahead until the day ends.
    /// </summary>
    public static bool HasPassed(UserRecords records, DateTimeOffset now) => records.Revision + 1 < now.ToUnixTimeMilliseconds();

    private static UserEventKind? KindOf(UserRecords before, UserRecords after) =>
        IsErasure(before, after) ? UserEventKind.Erased
        : after.Status != before.Status ? UserEventKind.Status
        : after.Appearance != before.Appearance || (after.Privacy != before.Privacy && after.Version > before.Version) ? UserEventKind.Availability
        : !after.Conversations.SequenceEqual(before.Conversations) ? UserEventKind.Membership
        : null;

    private static bool IsErasure(UserRecords before, UserRecords after) =>
        after.Profile?.ErasedAt is { } erasedAt && erasedAt != before.Profile?.ErasedAt;

    /// <summary>When somebody comes and goes tells when it was active: of one who does not want that known exactly, the day alone is told.</summary>
    private static DateTimeOffset MomentOf(UserRecords after, DateTimeOffset now) =>
        after.Privacy == Privacy.Default ? now : new(now.UtcDateTime.Date, TimeSpan.Zero);
}
