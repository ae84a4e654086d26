using Presence.Core.Domain;

namespace Presence.Core.Rules;

/// <summary>What changes by time alone.</summary>
internal static class TimeRules
{
    public static Decision OnDue(Situation situation, TimeSpan patience) =>
        situation.Before.Online is { } online ? Settle(situation, online, patience) : situation.Unchanged();

    /// <summary>Applies what time alone changes of the record given, and says when to look again.</summary>
    public static Decision Settle(Situation situation, OnlineRecord online, TimeSpan patience = default, Duty? owes = null)
    {
        var (_, before, now, options) = situation;
        if (Deadlines.OfflineAt(online, options, patience) <= now)
        {
            return before.Online is null
                ? situation.Unchanged()
                : LeavingRules.GoOffline(situation, online, leftAt: online.LastClosedAt ?? online.LastActiveAt, owes: owes);
        }

        return situation.Stays(Deadlines.AwayAt(online, options, patience) <= now ? online with { Status = PresenceStatus.Away } : online, owes);
    }
}
