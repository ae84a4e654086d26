using Presence.Core.Domain;
using Presence.Core.TableStorage;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// What the backend has said of who may see whom stands in the records of both, and nothing else, unless it is asking right now; and every member of a
/// conversation that somebody has blocked knows that.
/// </summary>
internal sealed class RelationsStandInBoth(Surroundings world, Func<User, UserRecords> recordsOf) : Check
{
    public override void OnPromised() => Look();

    public override void OnQuiet() => Look();

    private void Look()
    {
        foreach (var user in world.Population.Users.Where(u => !u.IsBeingErased))
        {
            var relations = recordsOf(user).Relations;
            foreach (var other in world.Population.Users.Where(u => u != user && !u.IsBeingErased))
            {
                Look(user, other, relations.Blocks.Any(b => b.Other == other.Key), world.Relations.Block(user, other), "blocks");
                Look(user, other, relations.SeenBy.Contains(other.Key), world.Relations.Allow(user, other), "is seen by");
                Look(user, other, relations.Sees.Contains(other.Key), world.Relations.Allow(other, user), "sees");
            }

            foreach (var conversation in world.Conversations)
            {
                Look(user, conversation, relations.BlockedConversations.Contains(conversation), world.Relations.BlockIn(user, conversation), "blocks all in");
                Look(user, conversation, IsBlocker(user, conversation), world.Relations.BlockIn(user, conversation), "stands among the blockers of");
                Look(user, conversation, relations.SeenIn.Contains(conversation), world.Relations.AllowIn(user, conversation), "is seen in");
                if (world.Relations.JoinedAt(user, conversation) is not null && !relations.Guarded.Contains(conversation)
                    && world.Population.Users.FirstOrDefault(u => world.Relations.BlockIn(u, conversation).HoldsSince is not null) is { } blocker)
                {
                    Fail($"{user.Name} in {conversation} does not know that {blocker.Name} has blocked it.");
                }
            }
        }
    }

    private void Look(User user, User other, bool stands, Relation relation, string what) => Look(user, other.Name, stands, relation, what);

    private void Look(User user, string other, bool stands, Relation relation, string what)
    {
        if (!relation.IsBeingChanged && stands != relation.IsWanted)
        {
            Fail($"{user.Name} {(stands ? "" : "does not: ")}{what} {other}, and that is {(relation.IsWanted ? "" : "not ")}wanted.");
        }
    }

    private bool IsBlocker(User user, string conversation) =>
        world.Table.Find(TableKeys.Conversation(conversation), TableKeys.Blocker(user.Key)) is not null;
}
