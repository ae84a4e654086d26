using Presence.Core.Domain;
using Presence.Simulation.Operations;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Last seen is the last call, to the second. What an instance held back and could not write, because it died or storage was out, may be
/// missing: that is one window at most.
/// </summary>
internal sealed class LastSeenIsTrue(Surroundings world, Truth truth, Func<User, UserRecords> recordsOf) : Check
{
    public override void OnQuiet()
    {
        foreach (var user in world.Population.Users.Where(u => u.Operations.TrueForAll(o => o.Kind != OperationKind.Erase)))
        {
            var records = recordsOf(user);
            var seen = records.Online?.LastActiveAt ?? records.Profile?.LastSeenAt;
            if (truth.LastActive(user, world.Time.Now, evenIfLate: true) is { } last
                && records.Online is null
                && !(seen >= Counting(last, records.Profile) - world.Settings.Apart - TimeSpan.FromSeconds(1)))
            {
                Fail($"{user.Name} was last seen at {seen:O}, and last called at {last:O}.");
            }
        }
    }

    /// <summary>A call at the moment of a sign-out counts up to that.</summary>
    private static DateTimeOffset Counting(DateTimeOffset call, ProfileRecord? profile) =>
        profile is { SignedOutAt: not null, LeftAt: { } left } && call > left ? left : call;
}
