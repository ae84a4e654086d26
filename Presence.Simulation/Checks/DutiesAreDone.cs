using Presence.Core.TableStorage;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>Where nothing ever goes wrong, whoever makes a change does what it owes and crosses it out: nothing is left to the sweep.</summary>
internal sealed class DutiesAreDone(Surroundings world) : Check
{
    public override void OnPromised()
    {
        if (world.Settings.Trouble == Trouble.None
            && world.Table.All.FirstOrDefault(row => row.RowKey.StartsWith(TableKeys.DutyPrefix, StringComparison.Ordinal)
                && row.GetDateTimeOffset(UserEntities.DueAt) < Time.VirtualTime.Start + world.Time.Now) is { } left)
        {
            Fail($"{left.RowKey.Split(TableKeys.Separator)[0]} was left to the sweep.");
        }
    }
}
