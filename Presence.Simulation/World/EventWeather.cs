namespace Presence.Simulation.World;

/// <summary>How events of connections reach instances at the moment.</summary>
internal sealed class EventWeather
{
    /// <summary>The share of events that are lost.</summary>
    public double Lost { get; set; }

    /// <summary>The share of events that come twice.</summary>
    public double Doubled { get; set; }

    /// <summary>The longest that an event is on its way, in seconds.</summary>
    public double Slowest { get; set; } = 0.1;

    /// <summary>From now on each comes once, and soon.</summary>
    public void Clear() => (Lost, Doubled, Slowest) = (0, 0, 0.1);
}
