using Presence.Core.Domain;
using Presence.Simulation.Operations;
using Presence.Simulation.Realtime;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Once the removal of a user from a conversation is answered, none of its connections is sent anything of it. Where a service failed, or a
/// connection was just being welcomed, the removal is a promise, kept within 10 s and one sweep of the end of the trouble.
/// </summary>
internal sealed class RemovedHearNothing(Surroundings world) : Check
{
    public override void OnSent(Sent sent)
    {
        if (sent.Group is { } group)
        {
            foreach (var receiver in sent.Receivers)
            {
                Look(sent, receiver, world.Conversations.FirstOrDefault(c => Sent.IsTo(group, GroupName.Conversation(c))));
            }
        }
        else if (sent.Argument is Snapshot snapshot)
        {
            foreach (var receiver in sent.Receivers)
            {
                snapshot.Conversations.ToList().ForEach(c => Look(sent, receiver, c.ConversationId));
            }
        }
    }

    private void Look(Sent sent, Connection receiver, string? conversation)
    {
        if (conversation is null
            || !receiver.User.Memberships.TryGetValue(conversation, out var membership)
            || membership.RemovedAt is not { } removedAt
            || sent.At <= removedAt)
        {
            return;
        }

        if (!IsPromisedOnly(receiver.User, membership, removedAt) || sent.At > world.KeptBy(removedAt))
        {
            Fail($"{receiver.Id} of {receiver.User.Name} hears of {conversation}, from which it was removed at {removedAt.TotalSeconds:F3}.");
        }
    }

    private static bool IsPromisedOnly(User user, Membership membership, TimeSpan removedAt) => membership.IsPromisedOnly
        || user.Operations.Any(o => o.Kind is OperationKind.Connected or OperationKind.Join or OperationKind.Activity or OperationKind.Leave
                or OperationKind.Erase
            && (o.AnsweredAt is null || o.AnsweredAt > removedAt
                || ((o.RealtimeFailed || o.StorageFailed || o.Answer != Answer.Ok || (o.Kind == OperationKind.Erase && o.Instance.HasTrouble))
                    && o.AnsweredAt > removedAt - TimeSpan.FromMinutes(2))));
}
