using Presence.Core.Domain;

namespace Presence.Core.Rules;

/// <summary>Forced out and kept out: until then nothing that the user, its clients or its backend do brings it back. Erasing does not end that.</summary>
internal static class BanRules
{
    /// <summary>
    /// The user leaves as one who is signed out does, and stays so. Of one who is erased nothing but one moment is kept, and so it is erased once
    /// more.
    /// </summary>
    public static Decision OnBanned(Situation situation, DateTimeOffset? until)
    {
        var (_, before, now, _) = situation;
        if (until is null || until <= now)
        {
            return before.Profile is { BannedUntil: not null } banned && before.Online is null
                ? Situation.Becomes(before with { Profile = banned with { BannedUntil = null } })
                : situation.Unchanged();
        }

        var gone = before switch
        {
            { Online: { } online } => LeavingRules.GoOffline(situation, online, leftAt: now, signedOutAt: now),
            { Profile.ErasedAt: not null } => Situation.Becomes(new(null, ProfileRecord.Tombstone(now))),
            { Profile: var profile } => Situation.Becomes(
                new(null, (profile ?? new ProfileRecord()) with
                {
                    LeftAt = now, SignedOutAt = now, Connections = before.Connections.AllClosedAt(now),
                }),
                LeavingRules.Closing(before.Connections)),
        };
        return gone with { Records = gone.Records with { Profile = gone.Records.Profile! with { BannedUntil = until } } };
    }

    /// <summary>
    /// What becomes of an event of one who is kept out; null where it takes its usual course. An activity from before that was held back tells
    /// when the user was last seen, and brings nobody back who is signed out, as all are who are kept out.
    /// </summary>
    public static Decision? Refusal(Situation situation, PresenceEvent happened) => situation.Before.BannedUntil(situation.Now) is null
        ? null
        : happened switch
        {
            PresenceEvent.Activity or PresenceEvent.SetByAdministrator { IsOnline: true } or PresenceEvent.Chosen { Source: ChoiceSource.User }
                or PresenceEvent.PrivacyChosen => situation.Refused(Outcome.Stale),
            PresenceEvent.Connected connected when !situation.Before.Connections.IsClosed(connected.ConnectionId) =>
                situation.Refused(Outcome.Stale, new Duty { Connections = [connected.ConnectionId], Closes = true }),
            PresenceEvent.Connected => situation.Unchanged(),
            _ => null,
        };
}
