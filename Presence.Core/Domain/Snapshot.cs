using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>The argument of <c>presence:snapshot</c>: what a client that starts to listen has not been told.</summary>
/// <param name="Conversations">The conversations it now hears of.</param>
/// <param name="Users">The users it watches.</param>
public sealed record Snapshot(ImmutableArray<ConversationSnapshot> Conversations, ImmutableArray<PresenceView> Users);

/// <summary>One conversation at one moment.</summary>
/// <param name="ConversationId">Which.</param>
/// <param name="Occupancy">How many are in it and how many of them are here.</param>
/// <param name="Users">Who is here: online or away. At most <see cref="MaxUsers"/>.</param>
/// <param name="IsComplete">False if more are here than the message names; the roster route has them all.</param>
public sealed record ConversationSnapshot(
    string ConversationId, Occupancy Occupancy, ImmutableArray<PresenceView> Users, bool IsComplete)
{
    /// <summary>The most users a snapshot names per conversation.</summary>
    public const int MaxUsers = 200;

    /// <summary>The part of a roster that a snapshot holds.</summary>
    public static ConversationSnapshot Of(Roster roster)
    {
        ImmutableArray<PresenceView> users = [.. roster.Members.Where(m => m.IsOnline).Take(MaxUsers)];
        return new(roster.ConversationId, roster.Occupancy, users, users.Length == roster.Occupancy.Online + roster.Occupancy.Away);
    }
}
