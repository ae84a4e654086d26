using Presence.Core.Domain;
using Presence.Simulation.Realtime;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Of whoever does not want to say exactly when it was last active nothing is told that does; and whoever hides it learns it of nobody: not
/// on connections that came after that was kept, and on earlier ones only until they are closed. What is for one user alone may be on its way just then.
/// </summary>
internal sealed class TimesAreHidden(Surroundings world) : Check
{
    private readonly TimeSpan _onItsWay = TimeSpan.FromSeconds(world.Settings.Trouble < Trouble.Some ? 3 : 20);
    private readonly bool _canBeHidden = world.Settings.Presence.LastSeenCanBeHidden;

    public override void OnSent(Sent sent)
    {
        foreach (var view in sent.Views.Where(v => v.LastActiveAt is not null || v.LastSeenAt is not null || v.LastSeen is not null))
        {
            var user = world.Population.Find(view.UserId);
            if ((view.LastActiveAt ?? view.LastSeenAt) is not null && sent.Receivers.Any(r => r.User != user && !r.IsOfBlock(view))
                && user.Commits.FindLast(c => c.After.Version == view.Version)?.After.Privacy is { } privacy
                && (privacy.IsHidden || privacy.LastSeen != LastSeenPrecision.Exact))
            {
                Fail($"{view} is told of one who tells {privacy.LastSeen}.");
            }

            if (_canBeHidden && sent.Receivers.FirstOrDefault(r => r.User != user && IsUntimed(r, sent)) is { } receiver)
            {
                Fail($"{receiver.Id} of {receiver.User.Name}, who hides when it was last active, is told {view}.");
            }
        }
    }

    private bool IsUntimed(Connection connection, Sent sent)
    {
        var commits = connection.User.Commits;
        var since = commits.FindLastIndex(c => c.After.Privacy.LastSeen != LastSeenPrecision.Nobody) + 1;
        return since < commits.Count
            && (connection.AcceptedAt > commits[since].At ? sent is { Group: not null } or { Argument: Snapshot } || sent.At > commits[since].At + _onItsWay
                : sent.At > world.KeptBy(commits[since].At));
    }
}
