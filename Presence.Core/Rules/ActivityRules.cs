using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Rules;

/// <summary>What a person does: it brings the user here, and says when it was last active.</summary>
internal static class ActivityRules
{
    /// <summary>Last seen is told to the second: an activity held back that is not later by so much is not worth a write.</summary>
    private static readonly TimeSpan Worthwhile = TimeSpan.FromSeconds(1);

    public static Decision OnActivity(Situation situation, PresenceEvent.Activity activity)
    {
        var (_, before, now, options) = situation;
        var at = Earlier(activity.At ?? now, now).ToWholeMilliseconds();

        // A call that storage keeps waiting is worth as much as when it began.
        var began = Earlier(activity.BeganAt, now);
        if (!activity.Force)
        {
            if (IsFromBeforeLeaving(situation, activity, at) || at <= began - options.OfflineAfter)
            {
                return situation.Refused(Outcome.Stale);
            }

            // Of somebody about to leave it says that the user is still here, even if a later activity is known: one that was held back may not count for that.
            if (activity.At is not null && before.Online is not { LastClosedAt: not null } && at <= Known(before, now))
            {
                return situation.Unchanged();
            }

            if (IsThrottled(before, at, now, options))
            {
                return situation.Refused(Outcome.Throttled);
            }
        }

        return TimeRules.Settle(situation with { Before = WithoutSignOut(before) }, Active(situation, at), patience: now - began);
    }

    /// <summary>
    /// An activity that was held back, told at last. It brings nobody back who has left since, unless the user was taken for gone although
    /// it was active all the time, because nothing could be recorded. Nor does it take anybody away: that is for the sweep to say, which knows
    /// whether users could call.
    /// </summary>
    public static Decision OnHeld(Situation situation, DateTimeOffset at)
    {
        var (_, before, now, options) = situation;
        at = Earlier(at, now).ToWholeMilliseconds();
        if (before.Online is null && WasTakenForGone(before.Profile, at) && at > now - options.OfflineAfter)
        {
            return OnActivity(situation, new PresenceEvent.Activity(now, at));
        }

        var after = WithHeld(before, at, now);
        return after == before ? situation.Unchanged()
            : after.Online is { } online ? situation.Stays(Reawakened(online, at, now, options) with { RecordedAt = now })
            : situation.IsNews(after, Heard(after, options));
    }

    /// <summary>
    /// The records with an activity that is later than what they say. One after the last connection closed ends leaving, as it would have had
    /// it not been held back; of a user who was signed out, it counts up to that.
    /// </summary>
    public static UserRecords WithHeld(UserRecords before, DateTimeOffset at, DateTimeOffset now)
    {
        at = Earlier(at, now).ToWholeMilliseconds();
        if (before.Online is { } online)
        {
            var closedAt = at > online.LastClosedAt + PresenceOptions.ClockTolerance ? null : online.LastClosedAt;
            return at >= online.LastActiveAt + Worthwhile
                ? before with { Online = online with { LastActiveAt = at, LastClosedAt = closedAt } }
                : before;
        }

        return before.Profile is { LastSeenAt: { } seen, LeftAt: { } left } profile
            && (profile.SignedOutAt is null ? at : Earlier(at, left)) is var latest
            && latest >= seen + Worthwhile
                ? before with { Profile = profile with { LastSeenAt = latest } }
                : before;
    }

    /// <summary>The user comes here, last active at the moment given.</summary>
    public static OnlineRecord ComesBack(Situation situation, DateTimeOffset at)
    {
        var (_, before, now, options) = situation;
        return new OnlineRecord
        {
            Since = now,
            LastActiveAt = before.Profile?.LastSeenAt is { } seen && seen > at && !IsAheadOf(now, seen) ? seen : at,
            RecordedAt = at,
            Status = PresenceStatus.Online,
            Connections = before.Connections,
            Conversations = before.Conversations,
            IsWatched = before.IsWatched,
            RevokedAt = before.RevokedAt,
            DefaultConversation = options.DefaultConversation is { Length: > 0 } fallback ? fallback : null,
            SignedOutDevices = before.SignedOutDevices,
            Privacy = before.Privacy,
            Relations = before.Relations,
            Choice = before.Choice,
            ApplicationChoice = before.ApplicationChoice,
            Version = before.Version,
        };
    }

    /// <summary>Whoever is back is signed out no more, and what was erased begins anew.</summary>
    public static UserRecords WithoutSignOut(UserRecords before) => before.Profile switch
    {
        { ErasedAt: not null } erased => before with { Profile = new ProfileRecord { Revision = erased.Revision, BannedUntil = erased.BannedUntil } },
        { SignedOutAt: not null } profile => before with { Profile = profile with { SignedOutAt = null } },
        _ => before,
    };

    /// <summary>The user is here and active, whatever was before.</summary>
    private static OnlineRecord Active(Situation situation, DateTimeOffset at)
    {
        var (_, before, now, _) = situation;
        return before.Online is { } online
            ? online with
            {
                LastActiveAt = Later(Known(before, now), at),
                RecordedAt = now,
                LastClosedAt = null,
                Status = PresenceStatus.Online,
            }
            : ComesBack(situation, at) with { RecordedAt = now };
    }

    /// <summary>Whether the user was active at the moment given, although it counted as gone already.</summary>
    private static bool WasTakenForGone(ProfileRecord? profile, DateTimeOffset at) =>
        profile is { SignedOutAt: null, LeftAt: { } left } && at > left + PresenceOptions.ClockTolerance;

    /// <summary>Somebody taken for away who was active lately is not.</summary>
    private static OnlineRecord Reawakened(OnlineRecord online, DateTimeOffset at, DateTimeOffset now, PresenceOptions options) =>
        online.Status == PresenceStatus.Away && at + options.AwayAfter > now ? online with { Status = PresenceStatus.Online } : online;

    /// <summary>Who heard of a user who has left: whoever is in its conversations, or in the default one if it was in none.</summary>
    private static ImmutableArray<string> Heard(UserRecords left, PresenceOptions options) =>
        left.Rosters.IsEmpty && options.DefaultConversation is { Length: > 0 } fallback ? [fallback] : left.Rosters;

    private static bool IsFromBeforeLeaving(Situation situation, PresenceEvent.Activity activity, DateTimeOffset at)
    {
        var (_, before, now, _) = situation;
        var leftAt = before.Online is { } present ? present.LastClosedAt : before.Profile?.LeftAt;
        return (leftAt is { } left && !IsAheadOf(now, left) && Earlier(activity.BeganAt.ToWholeMilliseconds(), at) <= left)
            || activity.IssuedAt <= before.Profile?.ErasedAt
            || activity.IssuedAt <= before.RevokedAt;
    }

    /// <summary>
    /// Whoever is away or about to leave comes back at once; only the activity of somebody plainly online is throttled, and not if what is
    /// recorded lies far behind it.
    /// </summary>
    private static bool IsThrottled(UserRecords before, DateTimeOffset at, DateTimeOffset now, PresenceOptions options) =>
        before.Online is { Status: PresenceStatus.Online, LastClosedAt: null } online
        && now < Deadlines.NextRecordAt(online, options)
        && !IsAheadOf(now, online.RecordedAt)
        && at < online.LastActiveAt + options.MostBehind;

    /// <summary>The last activity known, if there is one.</summary>
    private static DateTimeOffset Known(UserRecords before, DateTimeOffset now) =>
        (before.Online?.LastActiveAt ?? before.Profile?.LastSeenAt) is { } known && !IsAheadOf(now, known) ? known : DateTimeOffset.MinValue;

    /// <summary>What lies in the future was written by a clock that has been set back since, and does not count: else it would silence its user.</summary>
    private static bool IsAheadOf(DateTimeOffset now, DateTimeOffset time) => time > now + PresenceOptions.ClockTolerance;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a <= b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a >= b ? a : b;
}
