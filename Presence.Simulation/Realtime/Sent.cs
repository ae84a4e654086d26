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
    /// <summary>All that it says of users.</summary>
    public IEnumerable<PresenceView> Views => Argument is Snapshot snapshot ? snapshot.Conversations.SelectMany(c => c.Users).Concat(snapshot.Users) : News;

    /// <summary>What it shows of members for a moment.</summary>
    public IEnumerable<LiveState> States => Argument switch
    {
        LiveState state => [state],
        IEnumerable<LiveState> states => states,
        _ => [],
    };

    /// <summary>Whether a group is the one given, or the one beside it that is told no times.</summary>
    public static bool IsTo(string? group, string one) => group == one || group == GroupName.Untimed(one);

    /// <summary>The changes of status it tells of.</summary>
    public IEnumerable<PresenceView> News => Argument switch
    {
        OwnPresence => [],
        PresenceView view => [view],
        IEnumerable<PresenceView> views => views,
        _ => [],
    };
}
