using Presence.Core.Domain;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>Where nothing goes wrong, a choice of one who is here is over one sweep after its end.</summary>
internal sealed class ChoicesEnd(Surroundings world, Func<User, UserRecords> recordsOf) : Check
{
    private readonly TimeSpan _slack = world.Settings.SweepEvery + world.Settings.Apart + world.Settings.Apart + TimeSpan.FromSeconds(2);

    public override void OnPromised() => Look();

    public override void OnQuiet() => Look();

    private void Look()
    {
        var latest = Time.VirtualTime.Start + world.Time.Now - _slack;
        foreach (var user in world.Population.Users)
        {
            if (recordsOf(user).Online is { } online && (online.Choice?.Until < latest || online.ApplicationChoice?.Until < latest))
            {
                Fail($"the choice of {user.Name} is not over: {online.Choice}, {online.ApplicationChoice} for it.");
            }
        }
    }
}
