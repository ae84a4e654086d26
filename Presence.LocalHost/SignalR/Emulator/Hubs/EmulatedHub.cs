namespace Presence.LocalHost.SignalR;

/// <summary>The state of one hub: its connections, whose they are and which groups they are in. Nothing crosses to another hub.</summary>
internal sealed class EmulatedHub(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, EmulatedConnection> connections = new(StringComparer.Ordinal);
    private readonly ConnectionIndex byUser = new();
    private readonly ConnectionGroups groups = new();
    private readonly UserGroups userGroups = new(time);

    public void Add(EmulatedConnection connection)
    {
        lock (gate)
        {
            connections.Add(connection.Id, connection);
            if (connection.Client.UserId is { } user)
            {
                byUser.Add(user, connection);
                foreach (var group in userGroups.Of(user))
                {
                    groups.Enter(connection, group);
                }
            }
        }
    }

    public void Remove(EmulatedConnection connection)
    {
        lock (gate)
        {
            if (!connections.Remove(connection.Id))
            {
                return;
            }

            groups.ExitAll(connection);
            if (connection.Client.UserId is { } user)
            {
                byUser.Remove(user, connection);
            }
        }
    }

    public EmulatedConnection? Find(string connectionId)
    {
        lock (gate)
        {
            return connections.GetValueOrDefault(connectionId);
        }
    }

    public IReadOnlyCollection<EmulatedConnection> All()
    {
        lock (gate)
        {
            return [.. connections.Values];
        }
    }

    public IReadOnlyCollection<EmulatedConnection> OfUser(string user)
    {
        lock (gate)
        {
            return byUser.Of(user);
        }
    }

    public IReadOnlyCollection<EmulatedConnection> InGroup(string group)
    {
        lock (gate)
        {
            return groups.Of(group);
        }
    }

    /// <summary>False when there is no such connection.</summary>
    public bool AddConnectionToGroup(string connectionId, string group)
    {
        lock (gate)
        {
            if (!connections.TryGetValue(connectionId, out var connection))
            {
                return false;
            }

            groups.Enter(connection, group);
            return true;
        }
    }

    /// <summary>False when there is no such connection in the group.</summary>
    public bool RemoveConnectionFromGroup(string connectionId, string group)
    {
        lock (gate)
        {
            return connections.TryGetValue(connectionId, out var connection) && groups.Exit(connection, group);
        }
    }

    public void RemoveConnectionFromAllGroups(string connectionId)
    {
        lock (gate)
        {
            if (connections.TryGetValue(connectionId, out var connection))
            {
                groups.ExitAll(connection);
            }
        }
    }

    /// <summary>The time to live is that of the user's membership, for later connections; those of now stay in the group.</summary>
    public void AddUserToGroup(string user, string group, TimeSpan? timeToLive)
    {
        lock (gate)
        {
            userGroups.Add(user, group, timeToLive);
            foreach (var connection in byUser.Of(user))
            {
                groups.Enter(connection, group);
            }
        }
    }

    public void RemoveUserFromGroup(string user, string group)
    {
        lock (gate)
        {
            userGroups.Remove(user, group);
            foreach (var connection in byUser.Of(user))
            {
                groups.Exit(connection, group);
            }
        }
    }

    public void RemoveUserFromAllGroups(string user)
    {
        lock (gate)
        {
            userGroups.RemoveAll(user);
            foreach (var connection in byUser.Of(user))
            {
                groups.ExitAll(connection);
            }
        }
    }

    public bool IsUserInGroup(string user, string group)
    {
        lock (gate)
        {
            return userGroups.Of(user).Contains(group);
        }
    }
}
