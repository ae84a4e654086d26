using Presence.Core.TableStorage;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Where nothing ever goes wrong, whoever makes a change does what it owes and crosses it out: nothing is left to the sweep, but the joining of
/// those who must not hear of all others there, which takes longer than a call waits.
/// </summary>
internal sealed class DutiesAreDone(Surroundings world) : Check
{
    public override void OnPromised()
    {
        if (world.Settings.Trouble == Trouble.None
            && world.Table.All.FirstOrDefault(row => row.RowKey.StartsWith(TableKeys.DutyPrefix, StringComparison.Ordinal)
                && row.GetDateTimeOffset(UserEntities.DueAt) < Time.VirtualTime.Start + world.Time.Now
                && row.ToDuty().Duty is not { IsRestricted: true, IsWelcome: false, Entered.IsEmpty: false }) is { } left)
        {
            Fail($"{left.RowKey.Split(TableKeys.Separator)[0]} was left to the sweep.");
        }
    }
}
