using Presence.Core.Domain;
using Presence.Simulation.Operations;
using Presence.Simulation.Time;
using Presence.Simulation.Traces;

namespace Presence.Simulation.Realtime;

/// <summary>
/// The SignalR service: connections, their groups, and messages on their way to clients, each with a delay of its own, so that one may
/// overtake another.
/// </summary>
internal sealed class SignalR(VirtualTime time, Chance chance, Trace trace)
{
    private readonly Dictionary<string, Connection> _connections = new(StringComparer.Ordinal);

    /// <summary>All connections there ever were, in the order in which they opened.</summary>
    public IReadOnlyCollection<Connection> Connections => _connections.Values;

    /// <summary>The longest that a message usually is on its way, in seconds.</summary>
    public double Slowest { get; set; } = 0.2;

    /// <summary>Raised when a message is accepted.</summary>
    public event Action<Sent>? Accepted;

    /// <summary>Raised when a client has connected.</summary>
    public event Action<Connection>? Opened;

    /// <summary>Raised when a connection has closed. The second says whether the service itself closed it, because it was told to.</summary>
    public event Action<Connection, bool>? Closed;

    /// <summary>A client connects.</summary>
    public Connection Open(Negotiation negotiation)
    {
        var connection = new Connection($"c{_connections.Count + 1}", negotiation, time.Now);
        _connections.Add(connection.Id, connection);
        trace.Say("signalr", $"{connection.Id} of {connection.User.Name} opens");
        Opened?.Invoke(connection);
        return connection;
    }

    /// <summary>A connection closes, whoever wanted it.</summary>
    public void Close(string id, bool byUs)
    {
        if (Find(id) is { } connection)
        {
            connection.ClosedAt = time.Now;
            connection.Groups.Clear();
            trace.Say("signalr", $"{id} of {connection.User.Name} closes {(byUs ? "as asked" : "by itself")}");
            Closed?.Invoke(connection, byUs);
        }
    }

    public bool Exists(string id)
    {
        var exists = Find(id) is not null;
        trace.Say("signalr", $"{id} exists: {exists} [{Operation.Current?.Name}]");
        return exists;
    }

    public bool IsConnected(PresenceKey user) => OpenOnes.Any(c => c.User.Key == user);

    public bool Enter(string id, string group)
    {
        trace.Say("signalr", $"{id} enters {group} [{Operation.Current?.Name}]");
        if (Find(id) is not { } connection || !connection.Groups.Add(group))
        {
            return false;
        }

        connection.EnteredAt[group] = time.Now;
        return true;
    }

    public bool Exit(PresenceKey user, string group)
    {
        trace.Say("signalr", $"{user.ToString()} exits {group} [{Operation.Current?.Name}]");
        foreach (var connection in OpenOnes.Where(c => c.User.Key == user))
        {
            connection.Groups.Remove(group);
        }

        return true;
    }

    public bool Exit(string id, string group)
    {
        trace.Say("signalr", $"{id} exits {group} [{Operation.Current?.Name}]");
        return Find(id)?.Groups.Remove(group) == true;
    }

    public bool SendToGroup(string group, object argument, IReadOnlyList<string>? excluded = null)
    {
        Send(group, argument, [.. OpenOnes.Where(c => c.Groups.Contains(group) && excluded?.Contains(c.Id) != true)]);
        return true;
    }

    public bool SendToConnection(string id, object argument)
    {
        Send(null, argument, Find(id) is { } connection ? [connection] : []);
        return true;
    }

    public bool SendToUser(PresenceKey user, object argument)
    {
        Send(null, argument, [.. OpenOnes.Where(c => c.User.Key == user)]);
        return true;
    }

    private IEnumerable<Connection> OpenOnes => _connections.Values.Where(c => c.IsOpen);

    private Connection? Find(string id) => _connections.GetValueOrDefault(id) is { IsOpen: true } open ? open : null;

    private void Send(string? group, object argument, List<Connection> receivers)
    {
        var sent = new Sent(Operation.Current, group, argument, receivers, time.Now);
        trace.Say("signalr", $"{Text(argument)} to {group ?? "one"}: {receivers.Select(r => r.Id)} [{Operation.Current?.Name}]");
        Accepted?.Invoke(sent);
        foreach (var receiver in receivers)
        {
            time.After(chance.Span(0.001, Slowest), () =>
            {
                if (receiver.IsOpen)
                {
                    receiver.Receive(argument);
                }
            });
        }
    }

    private static string Text(object argument) => argument switch
    {
        OwnPresence own => $"{own.UserId} itself: {own.Choice}",
        PresenceView view => $"{view.UserId} is {view.Status} v{view.Version % 10_000_000}",
        IEnumerable<PresenceView> views => string.Join(", ", views.Select(v => Text(v))),
        Snapshot snapshot => "snapshot of "
            + string.Join(", ", snapshot.Conversations.Select(c => $"{c.ConversationId} ({string.Join(' ', c.Users.Select(u => u.UserId))})"))
            + " and " + string.Join(", ", snapshot.Users.Select(u => Text(u))),
        LeftMessage left => $"has left {left.ConversationId}",
        LiveState state => $"{state.UserId} shows something in {state.ConversationId}",
        IEnumerable<LiveState> states => string.Join(", ", states.Select(s => Text(s))),
        _ => "",
    };
}
