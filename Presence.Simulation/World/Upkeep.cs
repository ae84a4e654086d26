using Presence.Simulation.Instances;
using Presence.Simulation.Operations;

namespace Presence.Simulation.World;

/// <summary>What runs by the clock: the sweep, on some instance, at times on several at once; and new instances in place of dead ones.</summary>
internal sealed class Upkeep(Surroundings world, Fleet fleet)
{
    /// <summary>Begins, and never ends.</summary>
    public void Begin()
    {
        world.Time.After(world.Settings.SweepEvery, Sweep);
        world.Time.After(TimeSpan.FromSeconds(1), Replace);
    }

    private void Sweep()
    {
        var open = fleet.Open.Where(i => !i.Life.Clock.IsFrozen).ToList();
        var times = open.Count > 1 && world.Chance.Hit(0.2) ? 2 : 1;
        for (; times > 0 && open.Count > 0; times--)
        {
            var instance = world.Chance.Pick(open);
            open.Remove(instance);
            instance.Life.Clock.After(world.Chance.Span(0, 0.3), () => _ = fleet.AskAsync(
                instance, number => new(number, OperationKind.Sweep, instance.Life, null, world.Time.Now), Front.SweepAsync));
        }

        world.Time.After(world.Settings.SweepEvery, Sweep);
    }

    private void Replace()
    {
        if (!fleet.Open.Any() || (fleet.Open.Count() < world.Settings.Instances && world.Chance.Hit(0.3)))
        {
            fleet.Start();
        }

        world.Time.After(TimeSpan.FromSeconds(1), Replace);
    }
}
