using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Rules;

namespace Presence.Core.Delivery;

/// <summary>From news to as few messages as possible: one per group, whatever the number of changes.</summary>
public static class Announcements
{
    /// <summary>The most changes in one message; keeps it far below the service's limit of 1 MB.</summary>
    public const int MaxBatch = 500;

    /// <summary>The messages for all groups that the news concerns.</summary>
    /// <param name="news">The news.</param>
    /// <param name="options">The settings.</param>
    /// <param name="now">When it is told.</param>
    public static IReadOnlyList<Announcement> For(IEnumerable<Transition> news, PresenceOptions options, DateTimeOffset now) =>
    [
        .. news
            .SelectMany(t => GroupsOf(t, options).Select(group => (Group: group, News: t)))
            .GroupBy(p => p.Group, p => p.News, StringComparer.Ordinal)
            .SelectMany(g => ForGroup(g.Key, g, options, now)),
    ];

    /// <summary>Whom news is told.</summary>
    internal static IEnumerable<string> GroupsOf(Transition news, PresenceOptions options) =>
        news.Conversations.Select(GroupName.Conversation).Concat(WatchRules.GroupsFor(news, options));

    /// <summary>The groups in which those are who listen to what a group is told: most in itself, and some in one where nothing is said of last activities.</summary>
    internal static IEnumerable<string> Listening(string group, PresenceOptions options) =>
        options.LastSeenCanBeHidden ? [group, GroupName.Untimed(group)] : [group];

    /// <summary>What a group is told of news.</summary>
    internal static IEnumerable<Announcement> ForGroup(string group, IEnumerable<Transition> news, PresenceOptions options, DateTimeOffset now) => ForGroup(
        group,
        news.Select(t => t.IsOfJoining ? t.View with { Joined = t.Conversations.FirstOrDefault(c => GroupName.Conversation(c) == group) } : t.View),
        options,
        now);

    /// <summary>
    /// One <c>user:status</c> for one change, <c>user:status:batch</c> for more. Of several changes of one user the last counts, and that it has
    /// joined is said with it. Those of the group who hide when they were last active get the same without a word of that.
    /// </summary>
    internal static IEnumerable<Announcement> ForGroup(string group, IEnumerable<PresenceView> views, PresenceOptions options, DateTimeOffset now)
    {
        var last = views.GroupBy(v => v.UserId, StringComparer.Ordinal)
            .Select(changes => changes.MaxBy(v => v.Version)!.At(now) with { Joined = changes.Select(v => v.Joined).FirstOrDefault(joined => joined is not null) });
        foreach (var chunk in last.Chunk(MaxBatch))
        {
            yield return Of(group, chunk);
            if (options.LastSeenCanBeHidden)
            {
                yield return Of(GroupName.Untimed(group), [.. chunk.Select(view => view.Untimed())]);
            }
        }
    }

    private static Announcement Of(string group, PresenceView[] views) => views is [var only]
        ? new Announcement(ClientMethod.UserStatus, only, Group: group)
        : new Announcement(ClientMethod.UserStatusBatch, views, Group: group);
}
