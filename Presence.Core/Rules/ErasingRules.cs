using Presence.Core.Domain;

namespace Presence.Core.Rules;

/// <summary>How users are forgotten.</summary>
internal static class ErasingRules
{
    public static Decision OnRetired(Situation situation, DateTimeOffset lastSeenUntil) =>
        situation.Before is { Online: null, Profile: { } profile } && profile.IsLongGone(situation.User, lastSeenUntil) && EventRules.HasPassed(situation.Before, situation.Now)
            ? Situation.Becomes(default)
            : situation.Unchanged();

    /// <summary>
    /// In two steps: others are told of the leaving under a version that counts. What stays is a tombstone without the user's id, so that
    /// neither a call nor a connection from before brings the user back; erasing once more moves that moment.
    /// </summary>
    public static Decision OnErased(Situation situation) => situation.Before switch
    {
        { Online: { } online } => LeavingRules.GoOffline(situation, online, leftAt: situation.Now, signedOutAt: situation.Now),
        { Profile.ErasedAt: { } erasedAt } when erasedAt >= situation.Now => situation.Unchanged(),
        var before => Situation.Becomes(new(null, ProfileRecord.Tombstone(situation.Now) with { BannedUntil = before.Profile?.BannedUntil }), LeavingRules.Closing(before.Connections)),
    };
}
