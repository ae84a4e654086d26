using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Simulation.Realtime;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Where only those see each other who share a conversation, and whom the backend allows: whoever has none of these reasons for sure hears
/// nothing of a user, but that it is not here. Where a service fails, that is a promise.
/// </summary>
internal sealed class NoMoreSeenIsNoMoreHeard(Surroundings world) : Check
{
    /// <summary>So long an instance believes where the member is that shows something.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(3);

    public override void OnSent(Sent sent)
    {
        if (world.Settings.Presence.Visibility == Visibility.Everybody || IsToWatchersIn(sent.Group))
        {
            return;
        }

        foreach (var receiver in sent.Receivers)
        {
            var shown = sent.Views.Where(SaysSomething).Select(v => v.UserId).Concat(sent.States.Select(s => s.UserId));
            foreach (var user in shown.Select(world.Population.Find))
            {
                if (receiver.User != user && world.Relations.StrangerSince(receiver.User, user) is { } since && sent.At > Until(since) + (sent.States.Any() ? Believed : default))
                {
                    Fail($"{receiver.Id} of {receiver.User.Name} hears of {user.Name}, whom it must not see since {since.TotalSeconds:F3}.");
                }
            }
        }
    }

    /// <summary>Whoever has left a conversation stays in the groups by which it watches others because of it, until it connects again.</summary>
    private bool IsToWatchersIn(string? group) => world.Population.Users.Any(user =>
        world.Conversations.Append(world.Settings.Presence.DefaultConversation).Any(c => Sent.IsTo(group, GroupName.Watching(user.Key, c))));

    private TimeSpan Until(TimeSpan since) => world.Settings.Trouble < Trouble.Some ? since + OnItsWay : world.KeptBy(since);

    private static bool SaysSomething(PresenceView view) => view.IsOnline || view.LastActiveAt is not null || view.LastSeen is not null;
}
