using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Simulation.Realtime;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// When time alone changes nothing any more: whoever kept calling is online; of the others, whoever has a connection is away, and the rest
/// is offline; what is chosen comes on top of that (<see cref="SeenAsChosen"/>). Each is in the conversations that the backend wants it in, and no connection is left that storage does not know, or that is
/// only known there: but of those who keep calling the service is not asked for connections.
/// </summary>
internal sealed class EndsAsTheModel(Surroundings world, Func<User, UserRecords> recordsOf, IReadOnlySet<User> calling) : Check
{
    public override void OnQuiet()
    {
        foreach (var user in world.Population.Users)
        {
            Look(user, recordsOf(user));
        }
    }

    private void Look(User user, UserRecords records)
    {
        var open = user.Connections.Where(c => c.IsOpen).ToList();
        var expected = calling.Contains(user) ? PresenceStatus.Online
            : open.Count > 0 ? PresenceStatus.Away
            : PresenceStatus.Offline;
        if (records.SessionStatus != expected)
        {
            Fail($"{user.Name} is {records.SessionStatus}, and should be {expected}.");
        }

        foreach (var connection in open.Where(c => !c.HasSnapshot))
        {
            Fail($"{connection.Id} of {user.Name} is open and was never told who is here.");
        }

        var known = records.Connections.Open.Select(c => c.Id).ToList();
        var compared = calling.Contains(user) ? known.Intersect(open.Select(c => c.Id)) : known;
        if (!compared.Order().SequenceEqual(open.Select(c => c.Id).Order()))
        {
            Fail($"{user.Name} has the connections [{string.Join(' ', open.Select(c => c.Id))}], storage knows [{string.Join(' ', known)}].");
        }

        var wanted = user.Memberships.Where(m => m.Value.IsWanted).Select(m => m.Key).Order(StringComparer.Ordinal);
        if (!records.Conversations.SequenceEqual(wanted))
        {
            Fail($"{user.Name} is in [{string.Join(' ', records.Conversations)}], and should be in [{string.Join(' ', wanted)}].");
        }

        foreach (var connection in open)
        {
            var groups = GroupsOf(connection, user, records, isSure: true).ToList();
            if (!connection.Groups.IsSupersetOf(groups) || !connection.Groups.IsSubsetOf(GroupsOf(connection, user, records, isSure: false)))
            {
                var (isIn, belongsIn) = (string.Join(' ', connection.Groups), string.Join(' ', groups));
                Fail($"{connection.Id} of {user.Name} is in the groups [{isIn}], and should be in [{belongsIn}].");
            }
        }
    }

    /// <summary>
    /// Those of its conversations; and of whom it watches those of a reason to see it that there is: for sure where there was when it connected as well.
    /// </summary>
    private IEnumerable<string> GroupsOf(Connection connection, User user, UserRecords records, bool isSure)
    {
        var isUntimed = records.Privacy.LastSeen == LastSeenPrecision.Nobody && world.Settings.Presence.LastSeenCanBeHidden;
        return records.ListensTo.Select(GroupName.Conversation).Concat(connection.Negotiation.Watched.SelectMany(Watching))
            .Select(group => isUntimed ? GroupName.Untimed(group) : group);

        IEnumerable<string> Watching(User watched)
        {
            if (world.Settings.Presence.Visibility == Visibility.Everybody)
            {
                return [GroupName.User(watched.Key)];
            }

            var isAllowed = world.Relations.Allow(watched, user).HoldsSince is { } since && (!isSure || since < connection.OpenedAt);
            // Whoever has left a conversation stays in the groups by which it watches others because of it, until it connects again.
            return world.Conversations.Append(world.Settings.Presence.DefaultConversation).Where(c => !isSure || IsSure(c)).Select(c => GroupName.Watching(watched.Key, c))
                .Concat(isAllowed ? [GroupName.AllowedTo(watched.Key)] : []);

            bool IsSure(string conversation) => records.ListensTo.Contains(conversation) && world.Relations.JoinedAt(user, conversation) < connection.OpenedAt
                && (world.Relations.AllowIn(watched, conversation).HoldsSince < connection.OpenedAt
                    || world.Relations.JoinedAt(watched, conversation) < connection.OpenedAt);
        }
    }
}
