using Presence.Core.Ports;

namespace Presence.Simulation.Storage;

/// <summary>What instances share beyond users.</summary>
internal sealed class SharedState
{
    /// <summary>The last sweep of any instance.</summary>
    public LastSweep? LastSweep { get; set; }
}
