using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Rules;

/// <summary>Which connections watch whom, and in which groups they hear of it.</summary>
internal static class WatchRules
{
    /// <summary>The most users whom one connection watches.</summary>
    public const int MaxUsers = 500;

    /// <summary>The connection has a list from now on; it goes when the connection closes.</summary>
    public static Decision OnBegan(Situation situation, string connectionId) =>
        situation.Before.Online is not { } online || online.Connections.Find(connectionId) is not { IsWatching: false }
            ? situation.Unchanged()
            : situation.Stays(online with { Connections = online.Connections.WithWatching(connectionId) });

    /// <summary>The groups in which a viewer hears of a subject; none where it may not.</summary>
    public static ImmutableArray<string> GroupsOf(
        PresenceKey viewer, UserRecords viewing, PresenceKey subject, UserRecords seen, PresenceOptions options) =>
        VisibilityRules.MayHear(viewer, viewing, subject, seen, options) ? [GroupName.User(subject)] : [];

    /// <summary>All groups in which a viewer may hear of a subject, whatever the subject's records say.</summary>
    public static ImmutableArray<string> AllGroupsOf(PresenceKey subject) => [GroupName.User(subject)];
}
