using Presence.Simulation.Instances;
using Presence.Simulation.Operations;

namespace Presence.Simulation.World;

/// <summary>What runs by the clock: the sweep, and what webhooks are sent, on some instance, at times on several at once; and new instances in place of dead ones.</summary>
internal sealed class Upkeep(Surroundings world, Fleet fleet)
{
    /// <summary>So often webhooks are sent what they are owed, in the end; before that at any moment.</summary>
    public static readonly TimeSpan DeliverEvery = TimeSpan.FromSeconds(15);

    /// <summary>Begins, and never ends.</summary>
    public void Begin()
    {
        world.Time.After(world.Settings.SweepEvery, Sweep);
        world.Time.After(DeliverEvery, Deliver);
        world.Time.After(TimeSpan.FromSeconds(1), Replace);
    }

    private void Sweep()
    {
        Run(OperationKind.Sweep, Front.SweepAsync);
        world.Time.After(world.Settings.SweepEvery, Sweep);
    }

    private void Deliver()
    {
        Run(OperationKind.Deliver, Front.DeliverAsync);
        world.Time.After(world.TroubleEndedAt is null ? world.Chance.Span(1, 2 * DeliverEvery.TotalSeconds) : DeliverEvery, Deliver);
    }

    private void Run(OperationKind kind, Func<Instance, Operation, Task> work)
    {
        var open = fleet.Open.Where(i => !i.Life.Clock.IsFrozen).ToList();
        var times = open.Count > 1 && world.Chance.Hit(0.2) ? 2 : 1;
        for (; times > 0 && open.Count > 0; times--)
        {
            var instance = world.Chance.Pick(open);
            open.Remove(instance);
            instance.Life.Clock.After(world.Chance.Span(0, 0.3), () => _ = fleet.AskAsync(
                instance, number => new(number, kind, instance.Life, null, world.Time.Now), work));
        }
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
