using Presence.Core.Domain;
using Presence.Simulation.Realtime;
using Presence.Simulation.Storage;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// What a member shows for a moment is heard in its conversation alone, and of nobody who has left that, or cannot be seen: but for the 5 s for
/// which an instance believes what it knows, and what takes its time beside. <see cref="RemovedHearNothing"/> and
/// <see cref="BlockedHearNothing"/> say who hears it.
/// </summary>
internal sealed class StatesStayInside(Surroundings world) : Check
{
    private readonly TimeSpan _believed = TimeSpan.FromSeconds(world.Settings.Trouble < Trouble.Some ? 6 : 16);
    private readonly Dictionary<(User User, string Conversation), TimeSpan> _lastShown = [];

    public override void OnCommitted(Commit commit)
    {
        foreach (var conversation in world.Conversations.Append(world.Settings.Presence.DefaultConversation))
        {
            if (MayShow(commit.Before, conversation) || MayShow(commit.After, conversation))
            {
                _lastShown[(commit.User, conversation)] = commit.At;
            }
        }
    }

    public override void OnSent(Sent sent)
    {
        foreach (var state in sent.States)
        {
            if (!Sent.IsTo(sent.Group, GroupName.Conversation(state.ConversationId)))
            {
                Fail($"what {state.UserId} does in {state.ConversationId} is told to {sent.Group}.");
            }

            var user = world.Population.Find(state.UserId);
            if (user.Commits is [.., var last] && MayShow(last.After, state.ConversationId))
            {
                continue;
            }

            var until = _lastShown.GetValueOrDefault((user, state.ConversationId), TimeSpan.MinValue);
            var frozen = sent.By?.Instance.LastFrozenUntil;
            if (sent.At > (frozen > until ? frozen.Value : until) + _believed)
            {
                Fail($"what {state.UserId} does in {state.ConversationId} is told, where it could be seen last at {until.TotalSeconds:F3}.");
            }
        }
    }

    private static bool MayShow(UserRecords records, string conversation) =>
        records.Status != PresenceStatus.Offline && records.ListensTo.Contains(conversation);
}
