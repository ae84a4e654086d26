using Presence.Core.Domain;
using Presence.Simulation.Operations;
using Presence.Simulation.Storage;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Time takes nobody away who called within the time set or has a live connection, and turns nobody away who called within the time set.
/// What is chosen comes on top of that: <see cref="SeenAsChosen"/>.
/// </summary>
internal sealed class NobodyActiveIsToldGone(Surroundings world, Truth truth) : Check
{
    private readonly Settings _settings = world.Settings;

    /// <summary>Last seen is right to the second.</summary>
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Dictionary<User, Commit> _emptied = [];

    public override void OnCommitted(Commit commit)
    {
        if (!commit.Before.Connections.Open.IsEmpty && commit.After.Connections.Open.IsEmpty)
        {
            _emptied[commit.User] = commit;
        }

        if (commit.By is { Kind: OperationKind.SignOutDevice })
        {
            commit.User.Connections.Where(c => commit.Before.Connections.IsOpen(c.Id) && !commit.After.Connections.IsOpen(c.Id)).ToList()
                .ForEach(c => c.OwedToCloseAt ??= commit.At);
        }

        if (commit.By is not { } by || IsTakenAway(commit, by))
        {
            commit.User.Connections.ForEach(c => c.OwedToCloseAt ??= commit.At);
            return;
        }

        var at = commit.DecidedAt;
        if (commit.After.SessionStatus == PresenceStatus.Offline && commit.Before.Online is not null)
        {
            var live = Truth.Live(commit.User, at).Where(c => c.IsOpen).Select(c => c.Id).ToList();
            if (live.Count > 0)
            {
                Fail($"{commit.User.Name} is told offline with a live connection {live[0]}.");
            }

            if (!IsIdle(commit, by, at, _settings.Presence.OfflineAfter) && !HasLeft(commit, at))
            {
                Fail($"{commit.User.Name} is told offline, who called at {Seconds(truth.LastActive(commit.User, at))}.");
            }
        }

        if (commit is { Before.SessionStatus: PresenceStatus.Online, After.SessionStatus: PresenceStatus.Away }
            && !IsIdle(commit, by, at, _settings.Presence.AwayAfter))
        {
            Fail($"{commit.User.Name} is told away, who called at {Seconds(truth.LastActive(commit.User, at))}.");
        }
    }

    private static bool IsTakenAway(Commit commit, Operation by) => by.User == commit.User
        && by.Kind is OperationKind.SignOut or OperationKind.SetOffline or OperationKind.Revoke or OperationKind.Erase or OperationKind.Ban;

    private bool IsIdle(Commit commit, Operation by, TimeSpan at, TimeSpan limit)
    {
        var now = Truth.ByClockOf(by.Instance, commit.At);
        if (WasKeptFromCalling(commit, limit))
        {
            limit += _settings.Presence.Widest.RecordWindow;
        }

        return !(truth.LastActive(commit.User, at) > now - limit + _settings.Apart + Second);
    }

    /// <summary>
    /// Whether storage was out for more sweeps than can be missed by chance and came back just now, while the user tried to call: it gets one
    /// window more. Where no sweep has ever come through, nothing is known of an outage.
    /// </summary>
    private bool WasKeptFromCalling(Commit commit, TimeSpan limit) => world.Shared.LastSweep?.CompletedAt is not null && world.Outages.Exists(outage =>
        outage.To - outage.From > _settings.SweepEvery * 3.5 + TimeSpan.FromSeconds(10)
        && commit.At >= outage.To && commit.At - outage.To < _settings.SweepEvery && commit.At - outage.To < _settings.Presence.Widest.RecordWindow
        && commit.User.Operations.Exists(o => o is { Kind: OperationKind.Activity, ActiveAt: null }
            && o.StartedAt > outage.From && o.StartedAt > commit.At - limit + _settings.Apart + Second));

    /// <summary>The last connection closed, the grace is over, and no call since reached storage.</summary>
    private bool HasLeft(Commit commit, TimeSpan at) =>
        _emptied.TryGetValue(commit.User, out var emptied)
        && commit.At >= emptied.DecidedAt + _settings.Presence.DisconnectGrace - _settings.Apart - Second - Second
        && !commit.User.Operations.Any(o =>
            o is { Kind: OperationKind.Activity, Answer: Answer.Ok, IsThrottled: false, Status: not PresenceStatus.Offline }
            && o.StartedAt > emptied.At
            && o.AnsweredAt <= at
            && truth.IsActivity(o)
            && Truth.Moment(o) > Truth.ByClockOf(o.Instance, emptied.At) + _settings.Apart);

    private static string Seconds(DateTimeOffset? moment) => FormattableString.Invariant($"{(moment - Time.VirtualTime.Start)?.TotalSeconds:F3}");
}
