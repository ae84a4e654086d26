using Presence.Core.Domain;
using Presence.Simulation.Operations;

namespace Presence.Simulation.Realtime;

/// <summary>A message at the moment at which the service accepted it.</summary>
/// <param name="By">On behalf of which operation it was sent.</param>
/// <param name="Group">To which group; null if to a connection.</param>
/// <param name="Argument">What it says.</param>
/// <param name="Receivers">Who gets it.</param>
/// <param name="At">When.</param>
internal sealed record Sent(Operation? By, string? Group, object Argument, IReadOnlyList<Connection> Receivers, TimeSpan At)
{
    /// <summary>The changes of status it tells of.</summary>
    public IEnumerable<PresenceView> News => Argument switch
    {
        OwnPresence => [],
        PresenceView view => [view],
        IEnumerable<PresenceView> views => views,
        _ => [],
    };
}
