using Presence.Core.Domain;
using Presence.Simulation.Operations;
using Presence.Simulation.Realtime;
using Presence.Simulation.Storage;

namespace Presence.Simulation.World;

/// <summary>A user, and the truth about it: all that it did and that was done to it.</summary>
internal sealed class User(PresenceKey key)
{
    public PresenceKey Key => key;

    public string Name { get; } = key.ToString();

    /// <summary>What it proves itself with at the moment; null for a guest without a session.</summary>
    public Credentials? Credentials { get; set; }

    /// <summary>The throttle tokens that it was given.</summary>
    public Tokens Tokens { get; } = new();

    /// <summary>Whether the backend is erasing it right now: then it asks for nothing else of it.</summary>
    public bool IsBeingErased { get; set; }

    /// <summary>Whether the backend is banning it, or lifting that, right now: it asks for one thing after the other.</summary>
    public bool IsBeingBanned { get; set; }

    /// <summary>Whether the backend is choosing for it right now.</summary>
    public bool IsBeingChosenFor { get; set; }

    /// <summary>What was asked of instances in its name or about it, in the order of their beginning.</summary>
    public List<Operation> Operations { get; } = [];

    /// <summary>What storage did to its records.</summary>
    public List<Commit> Commits { get; } = [];

    /// <summary>Its connections, closed ones too.</summary>
    public List<Connection> Connections { get; } = [];

    /// <summary>What the application's backend wants: in which conversations it is to be.</summary>
    public Dictionary<string, Membership> Memberships { get; } = new(StringComparer.Ordinal);
}
