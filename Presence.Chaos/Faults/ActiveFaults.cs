using Presence.Chaos.Network;
using Presence.LocalHost.SignalR;

namespace Presence.Chaos.Faults;

/// <summary>What goes wrong just now with SignalR Service, with storage and with the receiver of webhooks; nothing, unless set.</summary>
internal sealed class ActiveFaults(int seed)
{
    private readonly Random _chance = new(seed);
    private readonly Lock _gate = new();
    private volatile Func<EmulatedCall, EmulatedFault?>? _signalR;
    private volatile Func<ForwardFault?>? _storage;
    private volatile Func<ForwardFault?>? _receiver;
    private int _missed;

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

    /// <summary>Where null goes well.</summary>
    public Func<ForwardFault?>? Receiver
    {
        set => _receiver = value;
    }

    /// <summary>How many messages to the receiver something went wrong with.</summary>
    public int Missed => _missed;

    public EmulatedFault? OfSignalR(EmulatedCall call) => _signalR?.Invoke(call);

    public ForwardFault? OfStorage() => _storage?.Invoke();

    public ForwardFault? OfReceiver()
    {
        var fault = _receiver?.Invoke();
        _ = fault is null ? 0 : Interlocked.Increment(ref _missed);
        return fault;
    }

    /// <summary>True in so many cases of a hundred.</summary>
    public bool Hits(int percent)
    {
        lock (_gate)
        {
            return _chance.Next(100) < percent;
        }
    }

    /// <summary>All is well again with SignalR and storage.</summary>
    public void Lift() => (_signalR, _storage) = (null, null);
}
