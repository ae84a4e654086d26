using Presence.Core.Domain;
using Presence.Simulation.Realtime;

namespace Presence.Simulation.Checks;

/// <summary>
/// Each change has one winner: whatever is told of a user under one version says the same. Only the last activity of one who is here may be
/// newer where it is told again, to those who were not there the first time; and those who hide theirs are told the same without times.
/// </summary>
internal sealed class OneContentPerVersion : Check
{
    private readonly Dictionary<(string User, long Version, bool IsUntimed), PresenceView> _told = [];

    public override void OnSent(Sent sent)
    {
        foreach (var view in sent.News.Select(v => v with { LastActiveAt = v.IsOnline ? null : v.LastActiveAt, Joined = null }))
        {
            var isUntimed = sent.Group?.StartsWith(GroupName.Untimed(""), StringComparison.Ordinal) ?? (view.LastActiveAt, view.LastSeen) is (null, null);
            if (!_told.TryAdd((view.UserId, view.Version, isUntimed), view) && _told[(view.UserId, view.Version, isUntimed)] is var first && first != view)
            {
                Fail($"told as {first}, and then under the same version as {view}.");
            }
        }
    }
}
