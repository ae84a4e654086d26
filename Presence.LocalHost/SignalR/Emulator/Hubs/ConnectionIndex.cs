namespace Presence.LocalHost.SignalR;

/// <summary>Connections by a name, such as a user id or a group. Not thread-safe: its hub guards it.</summary>
internal sealed class ConnectionIndex
{
    private readonly Dictionary<string, HashSet<EmulatedConnection>> _sets = new(StringComparer.Ordinal);

    public void Add(string name, EmulatedConnection connection)
    {
        if (!_sets.TryGetValue(name, out var set))
        {
            _sets[name] = set = [];
        }

        set.Add(connection);
    }

    public void Remove(string name, EmulatedConnection connection)
    {
        if (_sets.TryGetValue(name, out var set) && set.Remove(connection) && set.Count == 0)
        {
            _sets.Remove(name);
        }
    }

    public IReadOnlyCollection<EmulatedConnection> Of(string name) => _sets.TryGetValue(name, out var set) ? [.. set] : [];
}
