namespace Presence.LocalHost.SignalR;

/// <summary>Which connections are in which groups. Not thread-safe: its hub guards it.</summary>
internal sealed class ConnectionGroups
{
    private readonly ConnectionIndex _members = new();

    public void Enter(EmulatedConnection connection, string group)
    {
        connection.Groups.Add(group);
        _members.Add(group, connection);
    }

    /// <summary>False when the connection was not in the group.</summary>
    public bool Exit(EmulatedConnection connection, string group)
    {
        _members.Remove(group, connection);
        return connection.Groups.Remove(group);
    }

    public void ExitAll(EmulatedConnection connection)
    {
        foreach (var group in connection.Groups.ToList())
        {
            Exit(connection, group);
        }
    }

    public IReadOnlyCollection<EmulatedConnection> Of(string group) => _members.Of(group);
}
