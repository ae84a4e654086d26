using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>The argument of <c>presence:snapshot</c>: what a client that starts to listen has not been told.</summary>
/// <param name="Conversations">The conversations it now hears of.</param>
/// <param name="Users">The users it watches.</param>
public sealed record Snapshot(ImmutableArray<ConversationSnapshot> Conversations, ImmutableArray<PresenceView> Users)
{
    /// <summary>
    /// The most bytes of JSON that the users of all conversations together take, so that many who connect at once do not each get all others.
    /// The few that a client watches come on top, and up to 310 bytes for each conversation.
    /// </summary>
    public const int MaxBytes = 20 * 1024;

    /// <summary>The parts of rosters that a snapshot holds: each has its share of the bytes, and leaves to the next what it does not need.</summary>
    public static ImmutableArray<ConversationSnapshot> Of(IReadOnlyList<Roster> rosters)
    {
        var left = MaxBytes;
        var parts = ImmutableArray.CreateBuilder<ConversationSnapshot>(rosters.Count);
        foreach (var roster in rosters)
        {
            var part = ConversationSnapshot.Of(roster, left / (rosters.Count - parts.Count));
            left -= part.Users.Sum(user => user.MostBytes);
            parts.Add(part);
        }

        return parts.MoveToImmutable();
    }
}

/// <summary>One conversation at one moment.</summary>
/// <param name="ConversationId">Which.</param>
/// <param name="Occupancy">How many are in it and how many of them are here.</param>
/// <param name="Users">Who is here: first those online, then those away. At most <see cref="MaxUsers"/>.</param>
/// <param name="IsComplete">False if more are here than the message names; the roster route has them all.</param>
/// <param name="Version">Of the roster, to be handed back as <c>since</c>.</param>
/// <param name="Mode">How the conversation is told of changes: <c>names</c> for who has changed, <c>counts</c> for how many are here.</param>
public sealed record ConversationSnapshot(
    string ConversationId, Occupancy Occupancy, ImmutableArray<PresenceView> Users, bool IsComplete, string Version, string Mode)
{
    /// <summary>The most users a snapshot names per conversation.</summary>
    public const int MaxUsers = 100;

    /// <summary>
    /// The part of a roster that a snapshot holds. Of a large conversation it names nobody: whoever is named there is not told of again, and so
    /// would be wrong soon.
    /// </summary>
    /// <param name="roster">The roster.</param>
    /// <param name="bytes">The most bytes of JSON that its users may take.</param>
    public static ConversationSnapshot Of(Roster roster, int bytes = Snapshot.MaxBytes)
    {
        var most = 0;
        while (!roster.IsLarge && most < roster.Here.Length && (bytes -= roster.Here[most].MostBytes) >= 0)
        {
            most++;
        }

        return new(
            roster.ConversationId,
            roster.Occupancy,
            roster.Here[..most],
            most == roster.Occupancy.Online + roster.Occupancy.Away,
            roster.Version.ToString(),
            roster.Mode);
    }
}
