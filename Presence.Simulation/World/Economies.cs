using Presence.Core.Domain;
using Presence.Simulation.Instances;

namespace Presence.Simulation.World;

/// <summary>
/// Where there is a budget, the step of economy changes by chance, up and down, and each instance learns of it on its own: as much later as it may.
/// New ones begin at the normal step, as they do until they have asked.
/// </summary>
internal sealed class Economies(Surroundings world, Fleet fleet)
{
    private static readonly Economy[] Steps = Enum.GetValues<Economy>();

    /// <summary>Begins, and never ends.</summary>
    public void Begin()
    {
        if (world.Settings.Presence.MonthlyBudget > 0)
        {
            Change();
        }
    }

    private void Change()
    {
        var step = world.Chance.Pick(Steps);
        world.Trace.Say("world", $"economy is to be {EconomyName.Of(step)}");
        foreach (var instance in fleet.Open.ToList())
        {
            world.Time.After(world.Chance.Span(0, 30), () =>
            {
                if (instance.Life.DiedAt is null && instance.InForce.Take(step))
                {
                    world.Trace.Say(instance.Life.Name, $"is {EconomyName.Of(step)}");
                }
            });
        }

        world.Time.After(world.Chance.Span(1, 60), Change);
    }
}
