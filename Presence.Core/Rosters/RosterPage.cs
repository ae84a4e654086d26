using Presence.Core.Domain;

namespace Presence.Core.Rosters;

/// <summary>
/// A page of what a client that has a version of a roster lacks. It is about the users from after the end of the page before up to its own: about
/// these it is complete, or names those who changed, for itself. What is read for one page may be older or newer than for another.
/// </summary>
/// <param name="IsComplete">Whether it names all there are; else those who changed.</param>
/// <param name="Users">Who, in ordinal order of their ids.</param>
/// <param name="NextAfter">After whom the next page begins; null for the last.</param>
/// <param name="Version">On the last page, of what the client has then; on others, what the next is to be asked for with.</param>
public sealed record RosterPage(bool IsComplete, IReadOnlyList<PresenceView> Users, string? NextAfter, string Version)
{
    /// <summary>The page; null where the client, which asks for the first, has all.</summary>
    /// <param name="roster">The roster.</param>
    /// <param name="since">The version that the client has; null for none.</param>
    /// <param name="before">What the page before said as its version; null where it is the first, or the client did not say.</param>
    /// <param name="after">After whom it begins; empty for the first.</param>
    /// <param name="limit">The most users on it.</param>
    public static RosterPage? Of(Roster roster, RosterVersion? since, RosterVersion? before, string after, int limit)
    {
        var changes = since is null ? RosterChanges.All(roster) : RosterChanges.Since(roster, since);
        if (changes is null && after.Length == 0)
        {
            return null;
        }

        var version = after.Length == 0 ? roster.Version : (before ?? RosterVersion.Unknown).And(roster.Version);
        changes ??= new(IsComplete: false, []);
        var users = changes.Users.SkipWhile(user => string.CompareOrdinal(user.UserId, after) <= 0).Take(limit + 1).ToList();
        return users.Count > limit
            ? new(changes.IsComplete, users[..limit], users[limit - 1].UserId, version.ToOpenString())
            : new(changes.IsComplete, users, NextAfter: null, version.ToString());
    }
}
