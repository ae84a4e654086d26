using Presence.Core.Domain;

namespace Presence.Core.Delivery;

/// <summary>From news to as few messages as possible: one per group, whatever the number of changes.</summary>
public static class Announcements
{
    /// <summary>The most changes in one message; keeps it far below the service's limit of 1 MB.</summary>
    public const int MaxBatch = 500;

    /// <summary>The messages for all groups that the news concerns.</summary>
    public static IReadOnlyList<Announcement> For(IEnumerable<Transition> news) =>
    [
        .. news
            .SelectMany(t => GroupsOf(t).Select(group => (Group: group, t.View)))
            .GroupBy(p => p.Group, p => p.View, StringComparer.Ordinal)
            .SelectMany(g => ForGroup(g.Key, g)),
    ];

    /// <summary>Whom news is told.</summary>
    internal static IEnumerable<string> GroupsOf(Transition news)
    {
        var groups = news.Conversations.Select(GroupName.Conversation);
        return news.IsWatched ? groups.Append(GroupName.User(news.User)) : groups;
    }

    /// <summary>
    /// One <c>user:status</c> for one change, <c>user:status:batch</c> for more. Of several changes of one user the last counts.
    /// </summary>
    internal static IEnumerable<Announcement> ForGroup(string group, IEnumerable<PresenceView> views) => views
        .GroupBy(v => v.UserId, StringComparer.Ordinal)
        .Select(changes => changes.MaxBy(v => v.Version)!)
        .Chunk(MaxBatch)
        .Select(chunk => chunk is [var only]
            ? new Announcement(ClientMethod.UserStatus, only, Group: group)
            : new Announcement(ClientMethod.UserStatusBatch, chunk, Group: group));
}
