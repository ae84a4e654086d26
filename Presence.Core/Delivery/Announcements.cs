using Presence.Core.Domain;

namespace Presence.Core.Delivery;

/// <summary>From changes of status to as few messages as possible: one per group, whatever the number of changes.</summary>
public static class Announcements
{
    /// <summary>The most changes in one message; keeps it far below the service's limit of 1 MB.</summary>
    public const int MaxBatch = 500;

    /// <summary>
    /// One <c>user:status</c> for a group with one change, <c>user:status:batch</c> for more. Of several changes of one user the last counts.
    /// </summary>
    public static IReadOnlyList<Announcement> For(IEnumerable<Transition> transitions) =>
    [
        .. transitions
            .SelectMany(t => GroupsOf(t).Select(group => (Group: group, t.View)))
            .GroupBy(p => p.Group, p => p.View, StringComparer.Ordinal)
            .SelectMany(g => LastOfEachUser(g).Chunk(MaxBatch).Select(views => ToGroup(g.Key, views))),
    ];

    private static IEnumerable<string> GroupsOf(Transition transition)
    {
        var groups = transition.Conversations.Select(GroupName.Conversation);
        return transition.IsWatched ? groups.Append(GroupName.User(transition.User)) : groups;
    }

    private static IEnumerable<PresenceView> LastOfEachUser(IEnumerable<PresenceView> views) =>
        views.GroupBy(v => v.UserId, StringComparer.Ordinal).Select(changes => changes.MaxBy(v => v.Version)!);

    private static Announcement ToGroup(string group, PresenceView[] views) => views is [var only]
        ? new(ClientMethod.UserStatus, only, Group: group)
        : new(ClientMethod.UserStatusBatch, views, Group: group);
}
