namespace Presence.LocalHost.SignalR;

/// <summary>Connections by a name, such as a user id or a group. Not thread-safe: its hub guards it.</summary>
internal sealed class ConnectionIndex
{
    private readonly Dictionary<string, HashSet<EmulatedConnection>> sets = new(StringComparer.Ordinal);

    public void Add(string name, EmulatedConnection connection)
    {
        if (!sets.TryGetValue(name, out var set))
        {
            sets[name] = set = [];
        }

        set.Add(connection);
    }

    public void Remove(string name, EmulatedConnection connection)
    {
        if (sets.TryGetValue(name, out var set) && set.Remove(connection) && set.Count == 0)
        {
            sets.Remove(name);
        }
    }

    public IReadOnlyCollection<EmulatedConnection> Of(string name) => sets.TryGetValue(name, out var set) ? [.. set] : [];
}
