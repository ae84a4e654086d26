using Presence.Simulation.Realtime;
using Presence.Simulation.Storage;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Whoever hides is offline to all others from the moment on at which that is kept: by news at once, but for what is on its way, and by
/// snapshots as soon as rosters say so.
/// </summary>
internal sealed class HiddenAreOffline(Surroundings world) : Check
{
    private readonly TimeSpan _onItsWay = TimeSpan.FromSeconds(world.Settings.Trouble < Trouble.Some ? 3 : 20);
    private readonly Dictionary<User, (TimeSpan Since, long Latest)> _hidden = [];

    public override void OnCommitted(Commit commit)
    {
        if (!commit.After.Privacy.IsHidden)
        {
            _hidden.Remove(commit.User);
        }
        else if (!_hidden.ContainsKey(commit.User))
        {
            _hidden[commit.User] = (commit.At, commit.User.Commits.Max(c => c.After.Version));
        }

        if (commit.After.Privacy.IsHidden && commit.After.ViewOf(commit.User.Key) is { } view && (view.IsOnline || view.LastActiveAt is not null))
        {
            Fail($"{commit.User.Name}, who hides, is seen as {view}.");
        }
    }

    public override void OnSent(Sent sent)
    {
        foreach (var view in sent.Views.Where(v => v.IsOnline))
        {
            var user = world.Population.Find(view.UserId);
            if (_hidden.TryGetValue(user, out var hidden) && sent.Receivers.Any(r => r.User != user)
                && (view.Version > hidden.Latest || sent.At > (sent.Group is null ? world.KeptBy(hidden.Since) : hidden.Since + _onItsWay)))
            {
                Fail($"{view} is told, who hides since {hidden.Since.TotalSeconds:F3}.");
            }
        }
    }
}
