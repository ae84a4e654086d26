using Presence.Core.Domain;
using Presence.Simulation.Realtime;

namespace Presence.Simulation.Checks;

/// <summary>
/// Each change has one winner: whatever is told of a user under one version says the same. Only the last activity of one who is here may be
/// newer where it is told again, to those who were not there the first time.
/// </summary>
internal sealed class OneContentPerVersion : Check
{
    private readonly Dictionary<(string User, long Version), PresenceView> _told = [];

    public override void OnSent(Sent sent)
    {
        foreach (var view in sent.News.Select(v => v.IsOnline ? v with { LastActiveAt = null } : v))
        {
            if (!_told.TryAdd((view.UserId, view.Version), view) && _told[(view.UserId, view.Version)] is var first && first != view)
            {
                Fail($"told as {first}, and then under the same version as {view}.");
            }
        }
    }
}
