using Presence.Core.Domain;

namespace Presence.Core.Rules;

/// <summary>What users let others know of themselves.</summary>
internal static class PrivacyRules
{
    /// <summary>
    /// Whoever hides when it was last active does not learn it of others from then on: its connections are closed, and listen to other groups
    /// when they come back. The same the other way round.
    /// </summary>
    public static Decision OnChosen(Situation situation, PresenceEvent.PrivacyChosen chosen)
    {
        var before = situation.Before;
        var privacy = new Privacy(chosen.IsHidden ?? before.Privacy.IsHidden, chosen.LastSeen ?? before.Privacy.LastSeen);
        if (privacy == before.Privacy || before.Profile?.ErasedAt is not null)
        {
            return situation.Unchanged();
        }

        var seesOtherwise = VisibilityRules.IsUntimed(privacy, situation.Options) != VisibilityRules.IsUntimed(before.Privacy, situation.Options);
        var after = before.With(record => record with
        {
            Privacy = privacy,
            Relations = record.Relations with { ChangedAt = situation.Now },
        });
        var owes = seesOtherwise ? LeavingRules.Closing(before.Connections) : null;
        return after.Online is { } online ? situation.Stays(online, owes)
            : before.Version > 0 ? situation.IsNews(after, after.Rosters, owes)
            : Situation.Becomes(after, owes);
    }
}
