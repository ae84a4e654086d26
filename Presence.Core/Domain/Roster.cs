using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>How many are in a conversation, and how many of them are online and away.</summary>
/// <param name="Members">How many are in it.</param>
/// <param name="Online">How many of them are online.</param>
/// <param name="Away">How many of them are away.</param>
public readonly record struct Occupancy(int Members, int Online, int Away);

/// <summary>One whom a roster names.</summary>
/// <param name="View">What it says.</param>
/// <param name="WrittenAt">When that was written, by the clock of the storage that keeps the roster.</param>
public sealed record RosterMember(PresenceView View, DateTimeOffset WrittenAt)
{
    /// <summary>Whether its reader, who may not see the user, is shown something instead of what was written.</summary>
    public bool IsShownInstead { get; init; }
}

/// <summary>Who is in a conversation, as last announced, in ordinal order of their ids. The default conversation names only who is here.</summary>
public sealed record Roster(string ConversationId, ImmutableArray<RosterMember> Named)
{
    private RosterVersion? _version;

    /// <summary>What it says of each.</summary>
    public ImmutableArray<PresenceView> Members { get; } = [.. Named.Select(m => m.View)];

    /// <summary>How long it took to read it: what was written meanwhile may be in it or not.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>Whether its conversation is told counts instead of names.</summary>
    public bool IsLarge { get; init; }

    /// <summary>How its conversation is told of changes, as clients call it.</summary>
    public string Mode => IsLarge ? ConversationMode.Counts : ConversationMode.Names;

    /// <summary>What a client says that has it, and asks what has changed since.</summary>
    public RosterVersion Version => _version ??= RosterVersion.Of(this);

    /// <summary>The counts.</summary>
    public Occupancy Occupancy { get; init; } = Count(Named);

    /// <summary>Whether its reader is not told when others were last active.</summary>
    public bool IsUntimed { get; init; }

    /// <summary>The first of those who are here, as many as a snapshot names: first those online, then those away.</summary>
    internal ImmutableArray<PresenceView> Here { get; } =
    [
        .. Named.Where(m => m.View.Status == PresenceStatus.Online)
            .Concat(Named.Where(m => m.View.IsOnline && m.View.Status != PresenceStatus.Online))
            .Take(ConversationSnapshot.MaxUsers)
            .Select(m => m.View),
    ];

    /// <summary>Whether all who may read it may read all of it as it stands.</summary>
    internal bool IsForAll { get; } = Named.All(member => (member.View.HiddenLastSeenAt, member.View.HiddenFrom) is (null, null));

    /// <summary>Whether it names somebody who is hidden from some of those who may read it.</summary>
    internal bool HidesFromSome { get; } = Named.Any(member => member.View.HiddenFrom is not null);

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

    private static Occupancy Count(ImmutableArray<RosterMember> members)
    {
        var (online, away) = (0, 0);
        foreach (var member in members)
        {
            _ = member.View.Status switch
            {
                PresenceStatus.Online => online++,
                PresenceStatus.Away => away++,
                PresenceStatus.Offline => 0,
            };
        }

        return new(members.Length, online, away);
    }
}
