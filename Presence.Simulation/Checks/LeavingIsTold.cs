using Presence.Core.Domain;
using Presence.Simulation.Realtime;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Who is moved out of a conversation is told so on every connection that it had then, and nobody else is: within the time promised. Whoever is in it, in
/// the end, has heard nothing of the kind since it was shown the conversation last.
/// </summary>
internal sealed class LeavingIsTold(Surroundings world, Func<User, UserRecords> recordsOf) : Check
{
    private readonly TimeSpan _promise = world.Settings.Promise + world.Settings.Apart + TimeSpan.FromSeconds(2);
    private readonly Dictionary<(Connection Connection, string Conversation), TimeSpan> _left = [];
    private readonly Dictionary<(Connection Connection, string Conversation), TimeSpan> _shown = [];

    public override void OnSent(Sent sent)
    {
        if (sent.Argument is LeftMessage left)
        {
            sent.Receivers.ToList().ForEach(receiver => _left[(receiver, left.ConversationId)] = sent.At);
            if (sent.Group is not null || sent.Receivers.Select(receiver => receiver.User).Distinct().Count() > 1)
            {
                Fail($"that somebody has left {left.ConversationId} is told to others.");
            }
        }
        else if (sent.Argument is Snapshot snapshot)
        {
            foreach (var receiver in sent.Receivers)
            {
                snapshot.Conversations.ToList().ForEach(c => _shown[(receiver, c.ConversationId)] = sent.At);
            }
        }
    }

    public override void OnPromised() => Look(at => world.Time.Now - at > _promise);

    public override void OnQuiet()
    {
        Look(_ => true);
        foreach (var (connection, conversation) in _left.Keys.Where(told => told.Connection.IsOpen && recordsOf(told.Connection.User).ListensTo.Contains(told.Conversation)))
        {
            if (!_shown.TryGetValue((connection, conversation), out var shownAt) || shownAt < _left[(connection, conversation)])
            {
                Fail($"{connection.Id} of {connection.User.Name} was told last that it has left {conversation}, and is in it.");
            }
        }
    }

    private void Look(Func<TimeSpan, bool> isDue)
    {
        foreach (var connection in world.SignalR.Connections.Where(c => c.IsOpen))
        {
            var now = recordsOf(connection.User);
            foreach (var conversation in world.Conversations.Append(world.Settings.Presence.DefaultConversation).Where(c => !now.ListensTo.Contains(c)))
            {
                if (connection.User.Commits.FindLast(c => c.Before.ListensTo.Contains(conversation)) is { } moved
                    && !moved.Before.Conversations.SequenceEqual(moved.After.Conversations)
                    && moved.After.Connections.IsOpen(connection.Id)
                    && isDue(moved.At)
                    && !(_left.TryGetValue((connection, conversation), out var told) && told >= moved.At))
                {
                    Fail($"{connection.Id} of {connection.User.Name} was not told that it left {conversation} at {moved.At.TotalSeconds:F3}.");
                }
            }
        }
    }
}
