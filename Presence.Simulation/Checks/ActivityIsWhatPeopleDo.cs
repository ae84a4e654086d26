using Presence.Core.Domain;
using Presence.Simulation.Operations;
using Presence.Simulation.Storage;

namespace Presence.Simulation.Checks;

/// <summary>
/// The last activity is the moment of a call that counts, or of coming back on a connection or by hand, or into sight; nothing else moves it, and it never
/// falls while the user is here. Coming on a connection while here changes no status.
/// </summary>
internal sealed class ActivityIsWhatPeopleDo : Check
{
    public override void OnCommitted(Commit commit)
    {
        var before = commit.Before.Online?.LastActiveAt ?? commit.Before.Profile?.LastSeenAt;
        var after = commit.After.Online?.LastActiveAt ?? commit.After.Profile?.LastSeenAt;
        if (after is { } moved && after != before)
        {
            if (before > after && commit.Before.Online is not null)
            {
                Fail($"the last activity of {commit.User.Name} falls from {before:O} to {after:O}.");
            }

            if (!IsOfCall(commit, moved) && !IsReturn(commit, moved) && !IsLeaving(commit, moved) && !IsComingIntoSight(commit, moved))
            {
                Fail($"the last activity of {commit.User.Name} becomes {moved:O}, at which it did nothing.");
            }
        }

        if (commit is { By.Kind: OperationKind.Connected, Before.Online: { } here, After.Online: { } still } && commit.By.User == commit.User
            && here.Status != still.Status && still.LastActiveAt == here.LastActiveAt)
        {
            Fail($"{commit.User.Name} becomes {still.Status} for a connection.");
        }

        if (commit.By is { Kind: OperationKind.Passive })
        {
            Fail($"a passive call changes {commit.User.Name}.");
        }
    }

    /// <summary>Called on, where an instance held that back, after leaving by another: then the user was last seen leaving.</summary>
    private static bool IsLeaving(Commit commit, DateTimeOffset moment) => commit.After.Profile?.LeftAt == moment
        && commit.User.Operations.Exists(o => o is { Kind: OperationKind.Activity, IsThrottled: true } && Truth.Moment(o) >= moment);

    /// <summary>Who was invisible, or hidden, is active when it can be seen again, whoever looked then.</summary>
    private static bool IsComingIntoSight(Commit commit, DateTimeOffset moment) =>
        commit is { Before.Online: { } online, By: { } by } && (online.Choice?.Availability == ChosenAvailability.Invisible || online.Privacy.IsHidden) && commit.After.Status != PresenceStatus.Offline
        && moment >= Whole(Truth.ByClockOf(by.Instance, commit.DecidedAt)) && moment <= Truth.ByClockOf(by.Instance, commit.At);

    /// <summary>What the call says; or a moment while it was under way, where it says nothing, or none that was before it began.</summary>
    private static bool IsOfCall(Commit commit, DateTimeOffset moment) => commit.User.Operations.Any(o => o.Kind == OperationKind.Activity
        && (o.ActiveAt < o.BeganAt
            ? Near(o.ActiveAt.Value, moment)
            : moment >= Whole(o.BeganAt) && moment <= Truth.ByClockOf(o.Instance, o.AnsweredAt ?? commit.At)));

    private static bool IsReturn(Commit commit, DateTimeOffset moment)
    {
        if (commit.By is not { } by || by.User != commit.User)
        {
            return false;
        }

        var (began, now) = (Whole(Truth.ByClockOf(by.Instance, by.StartedAt)), Truth.ByClockOf(by.Instance, commit.At));
        return by.Kind switch
        {
            OperationKind.Connected => commit.Before.Online is null
                && (by.Connection!.Negotiation.ActiveAt is { } at && at < now
                    ? Near(at, moment) || (at >= began && moment >= began)
                    : moment >= began && moment <= now),
            OperationKind.SetOnline => moment >= began && moment <= now,
            _ => false,
        };
    }

    private static DateTimeOffset Whole(DateTimeOffset moment) => moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerMillisecond));

    private static bool Near(DateTimeOffset a, DateTimeOffset b) => (a - b).Duration() < TimeSpan.FromMilliseconds(1);
}
