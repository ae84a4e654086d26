using Presence.Chaos.Network;
using Presence.LocalHost.SignalR;

namespace Presence.Chaos.Faults;

/// <summary>What goes wrong just now with SignalR Service and with storage; nothing, unless set.</summary>
internal sealed class ActiveFaults(int seed)
{
    private readonly Random _chance = new(seed);
    private readonly Lock _gate = new();
    private volatile Func<EmulatedCall, EmulatedFault?>? _signalR;
    private volatile Func<ForwardFault?>? _storage;

    /// <summary>Where null goes well.</summary>
    public Func<EmulatedCall, EmulatedFault?>? SignalR
    {
        set => _signalR = value;
    }

    /// <summary>Where null goes well.</summary>
    public Func<ForwardFault?>? Storage
    {
        set => _storage = value;
    }

    public EmulatedFault? OfSignalR(EmulatedCall call) => _signalR?.Invoke(call);

    public ForwardFault? OfStorage() => _storage?.Invoke();

    /// <summary>True in so many cases of a hundred.</summary>
    public bool Hits(int percent)
    {
        lock (_gate)
        {
            return _chance.Next(100) < percent;
        }
    }

    public void Lift() => (_signalR, _storage) = (null, null);
}
