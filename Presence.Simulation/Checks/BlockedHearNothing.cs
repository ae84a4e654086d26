using Presence.Simulation.Operations;
using Presence.Simulation.Realtime;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// From the answer to a block on, until it is to end, neither of two is told anything of the other that was decided after that, in whatever
/// way; and what was decided before is on its way for a while only. The same of one who has blocked a conversation, and its members. What
/// members show for a moment goes by what an instance believes for 5 s. A connection that is to be closed, of one who is out, is closed as is promised.
/// </summary>
internal sealed class BlockedHearNothing(Surroundings world) : Check
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _onItsWay = TimeSpan.FromSeconds(world.Settings.Trouble < Trouble.Some ? 3 : 20);

    /// <summary>Beside what is believed: a message before it, the look at who is hidden, the call itself, and a service that does it late.</summary>
    private readonly TimeSpan _believed = TimeSpan.FromSeconds(world.Settings.Trouble < Trouble.Some ? 6 : 16);

    public override void OnSent(Sent sent)
    {
        foreach (var receiver in sent.Receivers)
        {
            foreach (var view in sent.Views)
            {
                var user = world.Population.Find(view.UserId);
                if (!IsFarewell(view, user) && HiddenSince(receiver, user, sent) is { } since
                    && ((IsNews(view, sent) && view.Version > VersionAt(user, since)) || (view.IsOnline && sent.At > since + _onItsWay)))
                {
                    Fail($"{receiver.Id} of {receiver.User.Name} is told {view}, from whom it is kept since {since.TotalSeconds:F3}.");
                }
            }

            foreach (var state in sent.States)
            {
                if (HiddenSince(receiver, world.Population.Find(state.UserId), sent) is { } since
                    && sent.At > Latest(since, sent.By?.Instance.LastFrozenUntil) + _believed)
                {
                    Fail($"{receiver.Id} of {receiver.User.Name} is shown what {state.UserId} does, from whom it is kept since {since.TotalSeconds:F3}.");
                }
            }

            if (sent.Argument is Core.Domain.Snapshot snapshot
                && snapshot.Conversations.FirstOrDefault(c => c.IsComplete && c.Occupancy.Online + c.Occupancy.Away != c.Users.Length) is { } counted)
            {
                Fail($"{receiver.Id} of {receiver.User.Name} is told of {counted.Occupancy} in {counted.ConversationId}, and who are {counted.Users.Length} of them.");
            }
        }
    }

    /// <summary>A snapshot may say that the other has left, under the version foreseen for that.</summary>
    private static bool IsNews(Core.Domain.PresenceView view, Sent sent) => view.IsOnline || sent.Argument is not Core.Domain.Snapshot;

    /// <summary>What is said of the same two at once, a block of the pair and one of a conversation, say, may tell more than once that one has left.</summary>
    private static bool IsFarewell(Core.Domain.PresenceView view, User user) => !view.IsOnline && user.Commits.Exists(c =>
        c.By?.Kind is OperationKind.Block or OperationKind.BlockIn or OperationKind.Allow && c.Owed?.Duty.News?.View.Version == view.Version);

    private TimeSpan? HiddenSince(Connection receiver, User user, Sent sent) =>
        receiver.User != user && !(receiver.OwedToCloseAt is { } owed && sent.At <= world.KeptBy(owed)) && world.Relations.HiddenSince(receiver.User, user) is { } since && sent.At > since ? since : null;

    private static long VersionAt(User user, TimeSpan at) => user.Commits.Where(c => c.At <= at).Select(c => c.After.Version).Append(0).Max();

    private static TimeSpan Latest(TimeSpan one, TimeSpan? two) => two > one + Second ? two.Value : one;
}
