using Presence.Core.Domain;
using Presence.Simulation.Operations;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Last seen is the last call, to the second. What an instance held back and could not write, because it died or storage was out, may be
/// missing: that is one window at most. What an instance held back of calls after leaving by another instance shows as the leaving.
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
                && !(seen >= last - world.Settings.Apart - TimeSpan.FromSeconds(1))
                && records.Online is null
                && seen != records.Profile?.LeftAt)
            {
                Fail($"{user.Name} was last seen at {seen:O}, and last called at {last:O}.");
            }
        }
    }
}
