using Presence.Core.Domain;

namespace Presence.Core.Rosters;

/// <summary>What brings a client up to a roster.</summary>
/// <param name="IsComplete">Whether these are all whom the roster names, so that whoever is not among them is not in it; else those who changed.</param>
/// <param name="Users">Who, in ordinal order of their ids.</param>
public sealed record RosterChanges(bool IsComplete, IReadOnlyList<PresenceView> Users)
{
    /// <summary>The storage's clock may run back by 4 s, and a read may take 1 s: what was written so long before a version is told again rather than missed.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>All of it.</summary>
    public static RosterChanges All(Roster roster) => new(IsComplete: true, roster.Members);

    /// <summary>
    /// What has changed since a version; null where nothing has. All of it, where somebody may have left since: whoever is not there any more has
    /// no row that could be told.
    /// </summary>
    public static RosterChanges? Since(Roster roster, RosterVersion since)
    {
        var now = roster.Version;
        if (now.SaysTheSameAs(since))
        {
            return null;
        }

        var from = since.At - (long)Tolerance.TotalMilliseconds;
        List<RosterMember> changed = [.. roster.Named.Where(m => AtOf(m) >= from)];
        var isPossible = from <= now.At && changed.Count > 0;
        return isPossible && changed.Count < roster.Named.Length && HasNobodyLeft(roster.ConversationId, now.Members - since.Members, changed, since.At)
            ? new(IsComplete: false, [.. changed.Select(m => m.View)])
            : All(roster);
    }

    /// <summary>
    /// Whoever has come is among those who changed. Nobody has left where none of these has come, or one, or all who changed after the version,
    /// and they alone make the difference of the two sums. In other cases somebody may have.
    /// </summary>
    private static bool HasNobodyLeft(string conversationId, ulong difference, List<RosterMember> changed, long since)
    {
        if (difference == 0)
        {
            return true;
        }

        var later = 0UL;
        foreach (var member in changed)
        {
            var its = RosterVersion.Digest(conversationId, member.View.UserId);
            if (its == difference)
            {
                return true;
            }

            later += AtOf(member) > since ? its : 0;
        }

        return later == difference;
    }

    private static long AtOf(RosterMember member) => member.WrittenAt.ToUnixTimeMilliseconds();
}
