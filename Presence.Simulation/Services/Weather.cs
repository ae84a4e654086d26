using Presence.Simulation.Time;

namespace Presence.Simulation.Services;

/// <summary>How a service does at the moment: how often requests to it go wrong, and how long the others take.</summary>
internal sealed class Weather(Chance chance)
{
    private static readonly Fault[] Reads = [Fault.Refused, Fault.LostRequest, Fault.LostAnswer];
    private static readonly Fault[] Writes =
        [Fault.Refused, Fault.LostRequest, Fault.LostAnswer, Fault.LostAnswer, Fault.Late, Fault.OwnConflict, Fault.FalseConflict];

    /// <summary>The share of requests that go wrong; 1 is an outage.</summary>
    public double Bad { get; set; }

    /// <summary>The share of requests during which the instance dies.</summary>
    public double Deadly { get; set; }

    /// <summary>The longest that a request usually takes, in seconds.</summary>
    public double Slowest { get; set; } = 0.03;

    /// <summary>Whether nothing goes wrong at the moment.</summary>
    public bool IsFair => Bad == 0 && Deadly == 0 && Slowest < 0.1;

    /// <summary>The fate of a request.</summary>
    public Fault Next(bool isWrite)
    {
        if (Deadly > 0 && chance.Hit(Deadly))
        {
            return chance.Hit(0.5) ? Fault.CrashBefore : Fault.CrashAfter;
        }

        return Bad == 0 || !chance.Hit(Bad) ? Fault.None
            : Bad >= 1 ? chance.Hit(0.7) ? Fault.Refused : Fault.LostRequest
            : chance.Pick(isWrite ? Writes : Reads);
    }

    /// <summary>How long one way takes.</summary>
    public TimeSpan OneWay() => chance.Span(0.001, Slowest / 2);

    /// <summary>Ends all that is wrong.</summary>
    public void Clear() => (Bad, Deadly, Slowest) = (0, 0, 0.03);
}
