using Presence.Core.Domain;
using Presence.Simulation.Operations;
using Presence.Simulation.Realtime;
using Presence.Simulation.Time;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>What is truly known of users, from what they did and what they were answered; nothing here looks at records.</summary>
internal sealed class Truth(Settings settings)
{
    /// <summary>
    /// Since when a user was active last, as far as instances that live can know: by calls answered before the moment given, except those
    /// that an instance held back and took with it when it died or could not write for want of storage.
    /// </summary>
    public DateTimeOffset? LastActive(User user, TimeSpan before, bool evenIfLate = false) => Largest(user.Operations
        .Where(o => o is { Kind: OperationKind.Activity, Answer: Answer.Ok, Status: not PresenceStatus.Offline }
            && o.AnsweredAt <= before && IsActivity(o) && !MayBeFromBeforeLeaving(o) && !(evenIfLate ? IsLost(o) : IsLost(o) || IsLate(o))
            && !IsOfOneWhoLeftElsewhere(o) && !WasErasedSince(o) && !MayBeRevoked(o))
        .Select(Moment));

    private static bool WasErasedSince(Operation call) =>
        call.User!.Commits.Exists(c => c.After.Profile?.ErasedAt is not null && c.At >= call.StartedAt);

    /// <summary>Whether an instance may have trusted credentials, as far as clocks agree, that were revoked elsewhere: such a call is no activity.</summary>
    private bool MayBeRevoked(Operation call) => call.User!.Commits.Exists(c =>
        c.By?.Kind == OperationKind.Revoke && c.At <= call.AnsweredAt && call.Credentials?.At <= c.At + settings.Apart);

    /// <summary>Whether an instance held back a call of somebody who had left by another, of which it did not know.</summary>
    private static bool IsOfOneWhoLeftElsewhere(Operation call) =>
        call.IsThrottled && call.User!.Commits.LastOrDefault(c => c.IsOfSession && c.At <= call.AnsweredAt)?.After.SessionStatus == PresenceStatus.Offline;

    /// <summary>Whether a call may have begun, as far as clocks agree, before its user left: then it does not count.</summary>
    private bool MayBeFromBeforeLeaving(Operation call) => call.User!.Commits.Exists(c => c.At <= call.AnsweredAt
        && Math.Min(call.StartedAt.Ticks, (Moment(call) - VirtualTime.Start).Ticks) <= (c.At + settings.Apart).Ticks
        && (c is { Before.Online: not null, After.Online: null } || (!c.Before.Connections.Open.IsEmpty && c.After.Connections.Open.IsEmpty)));

    /// <summary>Whether what a call told may have been lost with the instance that held it back, or for want of room there.</summary>
    private bool IsLost(Operation call) => call.IsThrottled && (settings.IsCrowded || call.Instance.DiedAt is not null);

    /// <summary>
    /// Whether it may be written late, for want of storage or because the instance was frozen; or because clocks differ by more than the
    /// settings leave for that.
    /// </summary>
    private bool IsLate(Operation call) =>
        call.IsThrottled && (settings.Apart > settings.Presence.Leeway || call.Instance.HeldFailedAt >= call.StartedAt || WasToldLate(call));

    /// <summary>Time may have been about to take the user away when it was told what the user did before.</summary>
    private static bool WasToldLate(Operation call) => call.ActiveAt < call.BeganAt - TimeSpan.FromSeconds(1);

    /// <summary>The moment of a call's activity, at the latest.</summary>
    public static DateTimeOffset Moment(Operation call) => call.ActiveAt < call.BeganAt ? call.ActiveAt.Value : call.BeganAt;

    /// <summary>What lies so far back is no activity.</summary>
    public bool IsActivity(Operation call) =>
        call.ActiveAt is not { } at || at > call.BeganAt - settings.Presence.OfflineAfter + settings.Apart + TimeSpan.FromSeconds(5);

    /// <summary>The connections that were open at the moment given, and known to be.</summary>
    public static IEnumerable<Connection> Live(User user, TimeSpan at) =>
        user.Connections.Where(c => c.AcceptedAt <= at && c.WelcomedAt <= at && (c.ClosedAt is null || c.ClosedAt > at) && c.OwedToCloseAt is null);

    /// <summary>A true moment by the clock of an instance.</summary>
    public static DateTimeOffset ByClockOf(Instances.InstanceLife instance, TimeSpan at) => VirtualTime.Start + at + instance.Clock.Ahead;

    private static DateTimeOffset? Largest(IEnumerable<DateTimeOffset> moments)
    {
        DateTimeOffset? largest = null;
        foreach (var moment in moments)
        {
            largest = largest is null || moment > largest ? moment : largest;
        }

        return largest;
    }
}
