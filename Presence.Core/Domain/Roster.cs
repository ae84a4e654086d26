using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>How many are in a conversation, and how many of them are online and away.</summary>
public readonly record struct Occupancy(int Members, int Online, int Away);

/// <summary>Who is in a conversation, as last announced, in ordinal order of their ids. The default conversation names only who is here.</summary>
public sealed record Roster(string ConversationId, ImmutableArray<PresenceView> Members)
{
    /// <summary>The counts.</summary>
    public Occupancy Occupancy { get; } = Count(Members);

    /// <summary>The first of those who are here, as many as a snapshot names: first those online, then those away.</summary>
    internal ImmutableArray<PresenceView> Here { get; } =
    [
        .. Members.Where(m => m.Status == PresenceStatus.Online)
            .Concat(Members.Where(m => m.IsOnline && m.Status != PresenceStatus.Online))
            .Take(ConversationSnapshot.MaxUsers),
    ];

    /// <summary>Whether all who may read it may read all of it as it stands.</summary>
    internal bool IsForAll { get; } = Members.All(member => (member.HiddenLastSeenAt, member.HiddenFrom) is (null, null));

    /// <summary>Whether it names somebody who is hidden from some of those who may read it.</summary>
    internal bool HidesFromSome { get; } = Members.Any(member => member.HiddenFrom is not null);

    /// <summary>Whether it names the user of this id.</summary>
    internal bool Names(string userId)
    {
        var (from, to) = (0, Members.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            var order = string.CompareOrdinal(Members[middle].UserId, userId);
            if (order == 0)
            {
                return true;
            }

            (from, to) = order < 0 ? (middle + 1, to) : (from, middle);
        }

        return false;
    }

    /// <summary>The members whose ids come after the one given; all for an empty one.</summary>
    public IEnumerable<PresenceView> After(string userId) => Members.SkipWhile(m => string.CompareOrdinal(m.UserId, userId) <= 0);

    private static Occupancy Count(ImmutableArray<PresenceView> members)
    {
        var (online, away) = (0, 0);
        foreach (var member in members)
        {
            _ = member.Status switch
            {
                PresenceStatus.Online => online++,
                PresenceStatus.Away => away++,
                PresenceStatus.Offline => 0,
            };
        }

        return new(members.Length, online, away);
    }
}
