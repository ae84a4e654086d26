using Presence.Core.Domain;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Within the time promised after a choice every connection that its user had then knows it, in whatever order messages come: whoever
/// connects later asks.
/// </summary>
internal sealed class OneselfIsTold(Surroundings world, Func<User, UserRecords> recordsOf) : Check
{
    private readonly TimeSpan _promise = world.Settings.Promise + world.Settings.Apart + TimeSpan.FromSeconds(2);

    public override void OnPromised() => Look();

    public override void OnQuiet() => Look();

    private void Look()
    {
        foreach (var user in world.Population.Users)
        {
            if (user.Commits.FindLast(c => c.IsOfChoice) is { } last && world.Time.Now - last.At > _promise)
            {
                Look(user, recordsOf(user), user.Connections.Where(c => c.IsOpen && last.After.Connections.IsOpen(c.Id)));
            }
        }
    }

    private void Look(User user, UserRecords records, IEnumerable<Realtime.Connection> told)
    {
        foreach (var connection in told.Where(c => c.Own is not { } own || own.Choice != records.Choice || own.ApplicationChoice != records.ApplicationChoice))
        {
            Fail($"{connection.Id} of {user.Name} knows of {connection.Own?.Choice} and {connection.Own?.ApplicationChoice} for it; "
                + $"chosen are {records.Choice} and {records.ApplicationChoice}.");
        }
    }
}
