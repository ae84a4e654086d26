using Presence.Simulation.Realtime;
using Presence.Simulation.Services;
using Presence.Simulation.Storage;
using Presence.Simulation.Time;
using Presence.Simulation.Traces;

namespace Presence.Simulation.World;

/// <summary>All that there is in one schedule.</summary>
internal sealed class Surroundings(Settings settings, VirtualTime time, Chance chance, Trace trace, Population population)
{
    public Settings Settings => settings;

    public VirtualTime Time => time;

    public Chance Chance => chance;

    public Trace Trace => trace;

    public Population Population => population;

    public Table Table { get; } = new();

    public SharedState Shared { get; } = new();

    public SignalR SignalR { get; } = new(time, chance, trace);

    public Weather StorageWeather { get; } = new(chance);

    public Weather RealtimeWeather { get; } = new(chance);

    public EventWeather EventWeather { get; } = new();

    /// <summary>When storage was out of reach altogether.</summary>
    public List<(TimeSpan From, TimeSpan To)> Outages { get; } = [];

    /// <summary>When trouble ended for good; null while it goes on.</summary>
    public TimeSpan? TroubleEndedAt { get; set; }

    /// <summary>The conversations there are.</summary>
    public IReadOnlyList<string> Conversations { get; } = [.. Enumerable.Range(1, settings.Conversations).Select(n => $"room{n}")];
}
