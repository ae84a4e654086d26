using Presence.Core.Domain;

namespace Presence.Core.Rules;

/// <summary>What users, and the application for them, choose that others see.</summary>
internal static class ChoiceRules
{
    /// <summary>A choice is kept of one who is not here, too: it shows once the user comes. Of an erased user nothing is.</summary>
    public static Decision OnChosen(Situation situation, PresenceEvent.Chosen chosen)
    {
        var choice = Choice.At(chosen.Choice, situation.Now);
        return situation.Before switch
        {
            { Online: { } online } => situation.Stays((OnlineRecord)With(online)),
            { Profile.ErasedAt: not null } => situation.Unchanged(),
            { Profile: var profile } before => With(profile ?? new ProfileRecord()) is ProfileRecord after && after != (profile ?? new ProfileRecord())
                ? Situation.Becomes(before with { Profile = after }, ToldToOneself(before, before with { Profile = after }, owes: null))
                : situation.Unchanged(),
        };

        UserRecord With(UserRecord record) => chosen.Source switch
        {
            ChoiceSource.User => record with { Choice = choice },
            ChoiceSource.Application => record with { ApplicationChoice = choice },
            _ => throw new ArgumentOutOfRangeException(nameof(chosen), chosen.Source, "no such source"),
        };
    }

    /// <summary>
    /// The record without what has ended, and with what others see instead where the user is not to be seen: what they saw last, and if the user
    /// was here then, that it left after its last activity.
    /// </summary>
    public static OnlineRecord InForce(Situation situation, OnlineRecord online)
    {
        var (before, now) = (situation.Before, situation.Now);
        online = online with { Choice = Choice.At(online.Choice, now), ApplicationChoice = Choice.At(online.ApplicationChoice, now) };
        return !Appearance.IsUnseen(online)
            ? before is { Online: not null, IsDisguised: true } ? Arriving(online, now) : online with { Disguise = null }
            : before.Appearance == Appearance.Offline ? online with { Disguise = new(before.ShownLastActiveAt) }
            : online with { Disguise = new(online.LastActiveAt) };
    }

    /// <summary>
    /// Whoever can be seen again comes as others do, now and active: when it was active while nobody saw it is nobody's business. But where clocks
    /// differ, the last activity does not fall.
    /// </summary>
    private static OnlineRecord Arriving(OnlineRecord online, DateTimeOffset now) => online with
    {
        Disguise = null, Since = now, LastActiveAt = now > online.LastActiveAt ? now : online.LastActiveAt, Status = PresenceStatus.Online,
    };

    /// <summary>A choice that changes is told to all connections of the user itself, whoever has changed it.</summary>
    public static Duty? ToldToOneself(UserRecords before, UserRecords after, Duty? owes) =>
        (before.Choice, before.ApplicationChoice) == (after.Choice, after.ApplicationChoice) || after.Connections.Open.IsEmpty
            ? owes
            : (owes ?? new Duty()) with { IsToldToOneself = true };
}
