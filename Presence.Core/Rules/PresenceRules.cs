using Presence.Core.Domain;
using Presence.Core.Options;
using static Presence.Core.Domain.PresenceEvent;

namespace Presence.Core.Rules;

/// <summary>What presence is: pure functions from records, an event and the time to new records and what is owed. No I/O, no clock.</summary>
internal static class PresenceRules
{
    /// <summary>Decides what an event changes.</summary>
    /// <param name="user">Whose presence it is.</param>
    /// <param name="before">The records as loaded.</param>
    /// <param name="happened">The event.</param>
    /// <param name="now">The time of the decision, in whole milliseconds.</param>
    /// <param name="options">The settings.</param>
    /// <param name="held">The last activity that this instance's window holds back: it goes along with whatever is written now.</param>
    /// <exception cref="InvalidInputException">The event would break a limit, such as the most conversations per user.</exception>
    public static Decision Decide(
        PresenceKey user, UserRecords before, PresenceEvent happened, DateTimeOffset now, PresenceOptions options, DateTimeOffset? held = null)
    {
        var withHeld = WithHeld(before, happened, held, now);
        happened = WithHeld(happened, held, before);
        var decision = Decide(new Situation(user, withHeld, now, options) { Shown = before.Appearance }, happened);
        if (withHeld.Appearance != before.Appearance && !IsNewsToAll(decision, before))
        {
            // What others would see otherwise stays held back until it is told.
            decision = Decide(new Situation(user, before, now, options), happened);
        }

        return decision.MustBeKept
            ? RosterRules.Follow(before, decision with { Records = Touched(decision.Records, now) }, user, now) with
            {
                Finished = HistoryRules.Finished(before, happened, decision.Records, now, options),
            }
            : decision with { Records = before };
    }

    private static bool IsNewsToAll(Decision decision, UserRecords before) =>
        decision.Owes?.News is { IsForSome: false } news && news.View.Version > before.Version;

    /// <summary>
    /// Whoever is plainly online. For others an activity held back may be news of its own; it stays held back until it is told as such. An
    /// activity is judged by what is recorded.
    /// </summary>
    private static UserRecords WithHeld(UserRecords before, PresenceEvent happened, DateTimeOffset? held, DateTimeOffset now) =>
        held is { } at && before.SessionStatus == PresenceStatus.Online && happened is not Activity ? ActivityRules.WithHeld(before, at, now) : before;

    /// <summary>A call that tells of an activity earlier than the one held back tells of that one, too.</summary>
    private static PresenceEvent WithHeld(PresenceEvent happened, DateTimeOffset? held, UserRecords before) =>
        happened is Activity { At: { } told } activity && held > told && before.Online is not null ? activity with { At = held } : happened;

    /// <summary>A profile of one never seen says when it was written, so that it can be cleaned up.</summary>
    private static UserRecords Touched(UserRecords after, DateTimeOffset now) =>
        after is { Online: null, Profile: { LastSeenAt: null, ErasedAt: null } profile }
            ? after with { Profile = profile with { TouchedAt = now } }
            : after;

    /// <summary>What becomes of an event of one who is kept out, or by credentials from before a sign-out; null where it takes its usual course.</summary>
    private static Decision? Refusal(Situation situation, PresenceEvent happened)
    {
        var issuedAt = happened switch
        {
            Chosen chosen => chosen.IssuedAt,
            DeviceChanged changed => changed.IssuedAt,
            DeviceSignedOut signedOut => signedOut.IssuedAt,
            BeganWatching watching => watching.IssuedAt,
            PrivacyChosen chosen => chosen.IssuedAt,
            _ => null,
        };
        return situation.Before.IsSignedOutSince(issuedAt) || issuedAt <= situation.Before.Profile?.ErasedAt
            ? situation.Refused(Outcome.Stale)
            : BanRules.Refusal(situation, happened);
    }

    private static Decision Decide(Situation situation, PresenceEvent happened) => Refusal(situation, happened) ?? happened switch
    {
        Activity activity => ActivityRules.OnActivity(situation, activity),
        HeldActivity held => ActivityRules.OnHeld(situation, held.At),
        SetByAdministrator { IsOnline: true } => ActivityRules.OnActivity(situation, new Activity(situation.Now, Force: true)),
        Connected connected => ConnectionRules.OnConnected(situation, connected),
        Disconnected disconnected => ConnectionRules.OnDisconnected(situation, disconnected.ConnectionId),
        DeviceChanged changed => DeviceRules.OnChanged(situation, changed),
        DeviceSignedOut signedOut => DeviceRules.OnSignedOut(situation, signedOut.ConnectionId),
        BeganWatching watching => WatchRules.OnBegan(situation, watching.ConnectionId),
        ConnectionsChecked check => ConnectionRules.OnChecked(situation, check),
        SignedOut signedOut => LeavingRules.OnSignedOut(situation, signedOut.IsRevoked),
        SetByAdministrator => LeavingRules.OnSetOffline(situation),
        Due due => TimeRules.OnDue(situation, due.Patience),
        Joined joined => AudienceRules.OnJoined(situation, joined.ConversationId, joined.IsGuarded),
        Left left => AudienceRules.OnLeft(situation, left.ConversationId),
        Banned banned => BanRules.OnBanned(situation, banned.Until),
        Chosen chosen => ChoiceRules.OnChosen(situation, chosen),
        PrivacyChosen chosen => PrivacyRules.OnChosen(situation, chosen),
        SeenBy seenBy => RelationRules.OnSeenBy(situation, seenBy),
        Sees sees => RelationRules.OnSees(situation, sees),
        SeenIn seenIn => RelationRules.OnSeenIn(situation, seenIn),
        Blocked blocked => RelationRules.OnBlocked(situation, blocked),
        BlockedIn blocked => RelationRules.OnBlockedIn(situation, blocked),
        Guarded guarded => RelationRules.OnGuarded(situation, guarded),
        Watched => AudienceRules.OnWatched(situation),
        Retired retired => ErasingRules.OnRetired(situation, retired.LastSeenUntil),
        Erased => ErasingRules.OnErased(situation),
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "no rule for this event"),
    };
}
