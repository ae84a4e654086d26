using Presence.Simulation.Realtime;
using Presence.Simulation.Receivers;
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

    /// <summary>Who is sent events by webhooks.</summary>
    public ReceiverList Receivers { get; } = new(Receiver.Some(chance, population, ConversationsOf(settings)), time, chance, trace);

    public EventWeather EventWeather { get; } = new();

    /// <summary>When storage was out of reach altogether.</summary>
    public List<(TimeSpan From, TimeSpan To)> Outages { get; } = [];

    /// <summary>When trouble ended for good; null while it goes on.</summary>
    public TimeSpan? TroubleEndedAt { get; set; }

    /// <summary>The conversations there are.</summary>
    public IReadOnlyList<string> Conversations { get; } = ConversationsOf(settings);

    /// <summary>What the backend has said of who may see whom.</summary>
    public RelationBook Relations { get; } = new(settings, ConversationsOf(settings));

    /// <summary>Until when what is only promised at a moment is done: within 10 s and one sweep of it, or of the end of the trouble.</summary>
    public TimeSpan KeptBy(TimeSpan since)
    {
        var trouble = settings.Trouble < Trouble.Some ? TimeSpan.Zero : TroubleEndedAt ?? TimeSpan.MaxValue / 2;
        return (trouble > since ? trouble + Settings.Aftermath : since) + settings.Promise + settings.Apart + TimeSpan.FromSeconds(2);
    }

    private static IReadOnlyList<string> ConversationsOf(Settings settings) => [.. Enumerable.Range(1, settings.Conversations).Select(n => $"room{n}")];
}
