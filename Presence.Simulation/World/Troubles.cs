using Presence.Simulation.Instances;
using Presence.Simulation.Services;
using Presence.Simulation.Time;

namespace Presence.Simulation.World;

/// <summary>What goes wrong, and when it gets better.</summary>
internal sealed class Troubles(Surroundings world, Fleet fleet)
{
    private readonly Chance _chance = world.Chance;

    private bool IsOver => world.TroubleEndedAt is not null;

    /// <summary>Goes on until the moment given; then nothing goes wrong any more.</summary>
    public void Begin(TimeSpan until)
    {
        if (world.Settings.Trouble >= Trouble.Disorder)
        {
            world.EventWeather.Slowest = _chance.Pick([0.1, 0.5, 3, 20]);
            world.EventWeather.Doubled = _chance.Pick([0, 0.2]);
            world.SignalR.Slowest = _chance.Pick([0.05, 0.5, 2]);
        }

        if (world.Settings.Trouble >= Trouble.Some)
        {
            _ = StormAsync(world.StorageWeather);
            _ = StormAsync(world.RealtimeWeather);
            _ = TroubleReceiversAsync();
            _ = DisturbAsync();
            world.EventWeather.Lost = _chance.Pick([0, 0.02, 0.1]);
        }

        world.Time.At(until, End);
    }

    private void End()
    {
        world.TroubleEndedAt = world.Time.Now;
        world.StorageWeather.Clear();
        world.RealtimeWeather.Clear();
        world.Receivers.Recover();
        world.EventWeather.Clear();
        world.SignalR.Slowest = 0.2;
        foreach (var instance in fleet.Open)
        {
            instance.Life.Clock.Freeze(world.Time.Now);
        }

        world.Trace.Say("world", $"trouble ends");
    }

    private double Rest() => world.Settings.Trouble == Trouble.Much ? 15 : 60;

    private async Task StormAsync(Weather weather)
    {
        while (true)
        {
            await world.Time.DelayAsync(_chance.Span(0.1, Rest()));
            if (IsOver)
            {
                return;
            }

            switch (_chance.Next(4))
            {
                case 0:
                    weather.Bad = 1;
                    break;
                case 1:
                    weather.Slowest = _chance.Pick([0.5, 2, 4]);
                    break;
                default:
                    weather.Bad = _chance.Pick([0.05, 0.2, 0.5]);
                    weather.Deadly = _chance.Pick([0, 0, 0.005]);
                    break;
            }

            var service = weather == world.StorageWeather ? "storage" : "signalr";
            world.Trace.Say("world", $"{service}: {(int)(weather.Bad * 100)} % bad, slowest {(int)(weather.Slowest * 1000)} ms");
            var from = world.Time.Now;
            await world.Time.DelayAsync(_chance.Span(0.5, weather.Bad >= 1 ? 40 : 60));
            if (weather == world.StorageWeather && weather.Bad >= 1)
            {
                world.Outages.Add((from, world.Time.Now));
            }

            if (!IsOver)
            {
                weather.Clear();
            }
        }
    }

    /// <summary>One of them after the other, or all at once.</summary>
    private async Task TroubleReceiversAsync()
    {
        while (true)
        {
            await world.Time.DelayAsync(_chance.Span(0.1, Rest() / 3));
            if (IsOver)
            {
                return;
            }

            (world.Receivers.Refused, world.Receivers.Gone) = (_chance.Pick([0, 0, 0.1, 0.5]), _chance.Pick([0, 0, 0.05]));
            var weather = _chance.Pick(world.Receivers.All).Weather;
            (weather.Bad, weather.Deadly, weather.Slowest) = (_chance.Pick([0, 0.1, 0.5, 1]), _chance.Pick([0, 0, 0.1]), _chance.Pick([0.03, 0.5, 3, 9]));
            world.Trace.Say("world", $"a receiver: {(int)(weather.Bad * 100)} % bad, slowest {(int)(weather.Slowest * 1000)} ms");
            await world.Time.DelayAsync(_chance.Span(0.5, 40));
            if (!IsOver)
            {
                world.Receivers.Recover();
            }
        }
    }

    private async Task DisturbAsync()
    {
        while (true)
        {
            await world.Time.DelayAsync(_chance.Span(1, Rest() * 2));
            if (IsOver)
            {
                return;
            }

            var open = fleet.Open.ToList();
            switch (_chance.Next(4))
            {
                case 0 when open.Count > 0:
                    _chance.Pick(open).Life.Crash();
                    break;
                case 1 when open.Count > 1:
                    _ = fleet.StopAsync(_chance.Pick(open));
                    break;
                case 2 when open.Count > 0:
                    var frozen = _chance.Pick(open).Life;
                    world.Trace.Say(frozen.Name, $"freezes");
                    var until = world.Time.Now + _chance.Span(0.5, 20);
                    frozen.Clock.Freeze(until);
                    frozen.HeldFailedAt = until;
                    frozen.LastFrozenUntil = until;
                    break;
                default:
                    if (open.Count < 8)
                    {
                        fleet.Start();
                    }

                    break;
            }
        }
    }
}
