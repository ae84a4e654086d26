using Presence.Core.Domain;

namespace Presence.Simulation.World;

/// <summary>The users there are.</summary>
internal sealed class Population(IReadOnlyList<User> users)
{
    private readonly Dictionary<PresenceKey, User> _byKey = users.ToDictionary(u => u.Key);

    public IReadOnlyList<User> Users => users;

    public User Find(PresenceKey key) => _byKey[key];

    public User Find(string id) => _byKey[PresenceKey.Parse(id)];
}
