using Presence.Core.Domain;
using Presence.Simulation.Instances;
using Presence.Simulation.Operations;
using Presence.Simulation.Realtime;
using Presence.Simulation.Time;

namespace Presence.Simulation.World;

/// <summary>Clients that connect, and come again by themselves when they are closed; and the events that tell instances of it.</summary>
internal sealed class Connecting
{
    private readonly Surroundings _world;
    private readonly Calls _calls;

    public Connecting(Surroundings world, Calls calls)
    {
        (_world, _calls) = (world, calls);
        world.SignalR.Closed += OnClosed;
    }

    /// <summary>Whether clients come again by themselves.</summary>
    public bool Reconnects { get; set; } = true;

    /// <summary>A client negotiates and connects; where it is told to try later, it does.</summary>
    public async Task ConnectAsync(User user, Credentials credentials, IReadOnlyList<User> watched, Device? device)
    {
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            var chance = _world.Chance;
            var activeAt = chance.Hit(0.3) ? VirtualTime.Start + _world.Time.Now - chance.Span(0, 30) : (DateTimeOffset?)null;
            var negotiated = await _calls.MakeAsync(
                OperationKind.Negotiate,
                user,
                r => new(r.Number, r.Kind, r.Instance, user, r.At) { BeganAt = r.Instance.Clock.GetUtcNow(), Credentials = credentials, Device = device },
                Front.NegotiateAsync);
            if (negotiated.Answer == Answer.Ok)
            {
                // Some are slow; a token for connecting is good for a minute.
                await _world.Time.DelayAsync(chance.Hit(0.03) ? chance.Span(50, 75) : chance.Span(0.01, 0.3));
                Open(new(user, credentials, negotiated.BeganAt, negotiated.StartedAt, activeAt, watched, device));
                return;
            }

            if (negotiated.Answer is Answer.SignedOut or Answer.Unauthenticated || !Reconnects)
            {
                return;
            }

            await _world.Time.DelayAsync(chance.Span(0.5, 5));
        }
    }

    /// <summary>A client leaves, or its network does.</summary>
    public void Close(Connection connection) => _world.SignalR.Close(connection.Id, byUs: false);

    private void Open(Negotiation negotiation)
    {
        var connection = _world.SignalR.Open(negotiation);
        connection.User.Connections.Add(connection);
        Tell(OperationKind.Connected, connection, Front.ConnectAsync);
    }

    private void OnClosed(Connection connection, bool byUs)
    {
        Tell(OperationKind.Disconnected, connection, Front.DisconnectAsync);
        if (byUs && Reconnects && _world.Chance.Hit(0.8))
        {
            _world.Time.After(_world.Chance.Span(0, 3), () =>
            {
                if (Reconnects)
                {
                    _ = ConnectAsync(connection.User, connection.Negotiation.Credentials, connection.Negotiation.Watched, connection.Negotiation.Device);
                }
            });
        }
    }

    private void Tell(OperationKind kind, Connection connection, Func<Instance, Operation, Task> work)
    {
        var (weather, chance) = (_world.EventWeather, _world.Chance);
        if (chance.Hit(weather.Lost))
        {
            _world.Trace.Say("signalr", $"{kind} of {connection.Id} is lost");
            connection.IsUnheardOf |= kind == OperationKind.Connected;
            return;
        }

        for (var times = chance.Hit(weather.Doubled) ? 2 : 1; times > 0; times--)
        {
            _world.Time.After(chance.Span(0.005, weather.Slowest), () => _ = ArriveAsync());
        }

        async Task ArriveAsync()
        {
            var told = await _calls.MakeAsync(
                kind,
                connection.User,
                r => new(r.Number, r.Kind, r.Instance, r.User, r.At) { BeganAt = r.Instance.Clock.GetUtcNow(), Connection = connection },
                work);
            if (kind == OperationKind.Connected)
            {
                connection.WelcomedAt ??= told.Answer == Answer.Ok ? told.AnsweredAt : null;
                connection.IsUnheardOf |= told.Answer != Answer.Ok;
            }
        }
    }
}
