using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Rules;

/// <summary>
/// Which groups carry news of a user to those who watch it. They are named by the reason why these may see it, so that news needs only to leave
/// out the groups of reasons that are none any more.
/// </summary>
internal static class WatchRules
{
    /// <summary>The most users whom one connection watches.</summary>
    public const int MaxUsers = 500;

    /// <summary>The connection has a list from now on; it goes when the connection closes.</summary>
    public static Decision OnBegan(Situation situation, string connectionId) =>
        situation.Before.Online is not { } online || online.Connections.Find(connectionId) is not { IsWatching: false }
            ? situation.Unchanged()
            : situation.Stays(online with { Connections = online.Connections.WithWatching(connectionId) });

    /// <summary>
    /// The groups that a viewer is put into to hear of a subject; none where it may not see it. The conversations that both are in are among
    /// them, because those with many members tell no names of their own.
    /// </summary>
    /// <param name="viewer">Who watches.</param>
    /// <param name="viewing">Its records.</param>
    /// <param name="subject">Whom.</param>
    /// <param name="seen">Its records.</param>
    /// <param name="options">The settings.</param>
    public static IEnumerable<string> GroupsOf(PresenceKey viewer, UserRecords viewing, PresenceKey subject, UserRecords seen, PresenceOptions options)
    {
        var groups = options.Visibility == Visibility.Everybody ? [GroupName.User(subject)]
            : VisibilityRules.ConversationsOf(viewing, options)
                .Intersect(VisibilityRules.ConversationsOf(seen, options).Concat(seen.Relations.SeenIn))
                .Select(conversation => GroupName.Watching(subject, conversation))
                .Concat(seen.Relations.SeenBy.Contains(viewer) ? [GroupName.AllowedTo(subject)] : []);
        return VisibilityRules.IsUntimed(viewing.Privacy, options) ? groups.Select(GroupName.Untimed) : groups;
    }

    /// <summary>The groups of those who watch a user and may hear of it, whatever conversations they share with it.</summary>
    public static IEnumerable<string> GroupsFor(Transition news, PresenceOptions options) =>
        !news.IsWatched ? []
        : options.Visibility == Visibility.Everybody ? [GroupName.User(news.User)]
        : news.Relations.SeenIn.Union(news.Large).Select(conversation => GroupName.Watching(news.User, conversation))
            .Concat(news.Relations.SeenBy.IsEmpty ? [] : [GroupName.AllowedTo(news.User)]);
}
