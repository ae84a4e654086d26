namespace Presence.LocalHost.SignalR;

/// <summary>The state of one hub: its connections, whose they are and which groups they are in. Nothing crosses to another hub.</summary>
internal sealed class EmulatedHub(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, EmulatedConnection> _connections = new(StringComparer.Ordinal);
    private readonly ConnectionIndex _byUser = new();
    private readonly ConnectionGroups _groups = new();
    private readonly UserGroups _userGroups = new(time);

    public void Add(EmulatedConnection connection)
    {
        lock (_gate)
        {
            _connections.Add(connection.Id, connection);
            if (connection.Client.UserId is { } user)
            {
                _byUser.Add(user, connection);
                foreach (var group in _userGroups.Of(user))
                {
                    _groups.Enter(connection, group);
                }
            }
        }
    }

    public void Remove(EmulatedConnection connection)
    {
        lock (_gate)
        {
            if (!_connections.Remove(connection.Id))
            {
                return;
            }

            _groups.ExitAll(connection);
            if (connection.Client.UserId is { } user)
            {
                _byUser.Remove(user, connection);
            }
        }
    }

    public EmulatedConnection? Find(string connectionId)
    {
        lock (_gate)
        {
            return _connections.GetValueOrDefault(connectionId);
        }
    }

    public IReadOnlyCollection<EmulatedConnection> All()
    {
        lock (_gate)
        {
            return [.. _connections.Values];
        }
    }

    public IReadOnlyCollection<EmulatedConnection> OfUser(string user)
    {
        lock (_gate)
        {
            return _byUser.Of(user);
        }
    }

    public IReadOnlyCollection<EmulatedConnection> InGroup(string group)
    {
        lock (_gate)
        {
            return _groups.Of(group);
        }
    }

    /// <summary>False when there is no such connection.</summary>
    public bool AddConnectionToGroup(string connectionId, string group)
    {
        lock (_gate)
        {
            if (!_connections.TryGetValue(connectionId, out var connection))
            {
                return false;
            }

            _groups.Enter(connection, group);
            return true;
        }
    }

    /// <summary>False when there is no such connection in the group.</summary>
    public bool RemoveConnectionFromGroup(string connectionId, string group)
    {
        lock (_gate)
        {
            return _connections.TryGetValue(connectionId, out var connection) && _groups.Exit(connection, group);
        }
    }

    public void RemoveConnectionFromAllGroups(string connectionId)
    {
        lock (_gate)
        {
            if (_connections.TryGetValue(connectionId, out var connection))
            {
                _groups.ExitAll(connection);
            }
        }
    }

    /// <summary>The time to live is that of the user's membership, for later connections; those of now stay in the group.</summary>
    public void AddUserToGroup(string user, string group, TimeSpan? timeToLive)
    {
        lock (_gate)
        {
            _userGroups.Add(user, group, timeToLive);
            foreach (var connection in _byUser.Of(user))
            {
                _groups.Enter(connection, group);
            }
        }
    }

    public void RemoveUserFromGroup(string user, string group)
    {
        lock (_gate)
        {
            _userGroups.Remove(user, group);
            foreach (var connection in _byUser.Of(user))
            {
                _groups.Exit(connection, group);
            }
        }
    }

    public void RemoveUserFromAllGroups(string user)
    {
        lock (_gate)
        {
            _userGroups.RemoveAll(user);
            foreach (var connection in _byUser.Of(user))
            {
                _groups.ExitAll(connection);
            }
        }
    }

    public bool IsUserInGroup(string user, string group)
    {
        lock (_gate)
        {
            return _userGroups.Of(user).Contains(group);
        }
    }
}
