using Presence.Chaos.Clients;

namespace Presence.Chaos.Judgement;

/// <summary>A client that does nothing but listen, all the time.</summary>
/// <param name="Connection">Its client.</param>
/// <param name="Home">The conversation that it is in.</param>
/// <param name="Watched">Whom it asked to be told of beside that.</param>
internal sealed record Watcher(LiveConnection Connection, string Home, string[] Watched)
{
    /// <summary>Of all these users, those it is told of.</summary>
    public IEnumerable<string> Watches(IEnumerable<string> users) =>
        users.Where(user => user != Connection.Name && (Population.HomeOf(user) == Home || Watched.Contains(user)));
}
