using System.Collections.Concurrent;

namespace Presence.LocalHost.SignalR;

/// <summary>The hubs by normalized name; each comes to be when it is first named.</summary>
internal sealed class EmulatedHubs(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, EmulatedHub> _hubs = new(StringComparer.Ordinal);

    public IEnumerable<EmulatedHub> All => _hubs.Values;

    public EmulatedHub Get(string normalizedName) => _hubs.GetOrAdd(normalizedName, _ => new EmulatedHub(time));
}
