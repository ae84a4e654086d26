namespace Presence.Simulation.World;

/// <summary>Whether a user is to be in a conversation.</summary>
internal sealed class Membership
{
    /// <summary>What the backend has asked for last.</summary>
    public bool IsWanted { get; set; }

    /// <summary>Whether the backend is asking right now.</summary>
    public bool IsBeingChanged { get; set; }

    /// <summary>Whether storage failed the last change, or an attempt at it.</summary>
    public bool HasFailed { get; set; }

    /// <summary>When the last joining was answered, if nothing failed it; null from the moment on at which the user is to leave.</summary>
    public TimeSpan? JoinedAt { get; set; }

    /// <summary>When the removal was answered; null while the user is in it, or is to be.</summary>
    public TimeSpan? RemovedAt { get; set; }

    /// <summary>Whether the SignalR service failed the removal, so that it was answered with a promise.</summary>
    public bool IsPromisedOnly { get; set; }
}
