using Presence.Core.Domain;
using Presence.Simulation.Time;

namespace Presence.Simulation.World;

/// <summary>What people, and the backend for them, choose that others see.</summary>
internal static class Choosing
{
    private static readonly ChosenAvailability[] ForOthers = [.. Enum.GetValues<ChosenAvailability>().Where(a => a != ChosenAvailability.Invisible)];

    /// <summary>What a person chooses: most often not to be seen, for that is where most can go wrong.</summary>
    public static Choice? ForOneself(Surroundings world) =>
        world.Chance.Hit(0.35) ? Until(world, new(ChosenAvailability.Invisible)) : ForAnother(world);

    /// <summary>What the backend chooses for somebody; null for nothing any more.</summary>
    public static Choice? ForAnother(Surroundings world) => world.Chance.Hit(0.15)
        ? null
        : Until(world, new(world.Chance.Pick(ForOthers), world.Chance.Pick<string?>([null, null, "at lunch", "on a train"])));

    private static Choice Until(Surroundings world, Choice choice) => world.Chance.Hit(0.5)
        ? choice with { Until = (VirtualTime.Start + world.Time.Now + world.Chance.Span(3, 60)).ToWholeMilliseconds() }
        : choice;
}
