using Presence.Core.Domain;
using Presence.Simulation.Realtime;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Nobody hears in a conversation of a user who was not in it any more when the connection came into it: not by news told late either.
/// What was just being told, by an instance that may have stood still meanwhile, is on its way.
/// </summary>
internal sealed class StrangersHearNothing(Surroundings world) : Check
{
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(20);

    public override void OnSent(Sent sent)
    {
        if (world.Conversations.FirstOrDefault(c => Sent.IsTo(sent.Group, GroupName.Conversation(c))) is not { } conversation)
        {
            return;
        }

        foreach (var user in sent.News.Select(view => world.Population.Find(PresenceKey.Parse(view.UserId))))
        {
            if (LeftAt(user, conversation) is { } leftAt
                && sent.Receivers.FirstOrDefault(r => r.User != user && r.EnteredAt[sent.Group!] > leftAt + OnItsWay) is { } stranger)
            {
                Fail($"{stranger.Id} of {stranger.User.Name} hears in {conversation} of {user.Name}, who left it at {leftAt.TotalSeconds:F3}.");
            }
        }
    }

    /// <summary>Since when a user is not in a conversation any more; null if it is, or was erased: then nobody knows where it was.</summary>
    private TimeSpan? LeftAt(User user, string conversation)
    {
        var since = user.Commits.FindLastIndex(c => c.After.Profile?.ErasedAt is not null || IsIn(c.After, conversation)) + 1;
        return since < user.Commits.Count ? user.Commits[since].At : null;
    }

    private bool IsIn(UserRecords records, string conversation) => records.Conversations.IsEmpty
        ? conversation == world.Settings.Presence.DefaultConversation
        : records.Conversations.Contains(conversation);
}
