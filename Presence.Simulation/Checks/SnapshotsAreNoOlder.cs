using Presence.Core.Domain;
using Presence.Simulation.Realtime;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// A snapshot shows nothing that is older than what was told its conversation before its client came into it: that the client did not hear,
/// and what comes later it hears. Where storage fails, news is told although the roster could not be; then the sweep makes it good.
/// </summary>
internal sealed class SnapshotsAreNoOlder(Surroundings world) : Check
{
    private readonly Dictionary<(string Group, string User), List<(PresenceView View, TimeSpan At)>> _told = [];

    public override void OnSent(Sent sent)
    {
        if (world.Settings.Trouble >= Trouble.Some)
        {
            return;
        }

        if (sent.Group is { } group)
        {
            foreach (var view in sent.News)
            {
                (_told.TryGetValue((group, view.UserId), out var told) ? told : _told[(group, view.UserId)] = []).Add((view, sent.At));
            }
        }
        else if (sent.Argument is Snapshot snapshot)
        {
            foreach (var conversation in snapshot.Conversations)
            {
                sent.Receivers.ToList().ForEach(receiver => Look(conversation, receiver, sent.At));
            }
        }
    }

    private void Look(ConversationSnapshot snapshot, Connection receiver, TimeSpan at)
    {
        var group = GroupName.Conversation(snapshot.ConversationId);
        if (!(receiver.EnteredAt.TryGetValue(group, out var enteredAt) || receiver.EnteredAt.TryGetValue(GroupName.Untimed(group), out enteredAt)))
        {
            return;
        }

        foreach (var user in world.Population.Users.Where(u => u == receiver.User || !world.Relations.MayBeHidden(receiver.User, u)))
        {
            var last = _told.GetValueOrDefault((group, user.Key.ToString()))?.Where(told => told.At < enteredAt).Select(told => told.View)
                .MaxBy(view => view.Version);
            var shown = snapshot.Users.FirstOrDefault(view => view.UserId == user.Key.ToString());
            if (last is null || (shown is null ? !last.IsOnline || HasGoneSince(user, last.Version, snapshot.ConversationId, at) : shown.Version >= last.Version))
            {
                continue;
            }

            Fail($"{receiver.Id} is shown {user.Name} in {snapshot.ConversationId} as {shown?.Status.ToString() ?? "gone"}, which was told as {last.Status} before.");
        }
    }

    private static bool HasGoneSince(User user, long version, string conversation, TimeSpan at) =>
        user.Commits.Exists(c => c.At <= at && (!c.After.Rosters.Contains(conversation) || c.After.Status == PresenceStatus.Offline)
            && c.After.Revision > version);
}
