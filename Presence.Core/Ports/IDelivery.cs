namespace Presence.Core.Ports;

/// <summary>Does what changes owe others.</summary>
public interface IDelivery
{
    /// <summary>What of a duty must be kept with its change, so that the sweep finds it; null for nothing.</summary>
    StoredDuty? ToKeep(StoredDuty duty);

    /// <summary>
    /// Does what is owed and crosses out what was kept of it. Returns within 2 s whatever happens, and within 8 s for a new connection: what
    /// cannot be done now is left to the sweep. Throws nothing.
    /// </summary>
    /// <param name="duty">All that is owed.</param>
    /// <param name="isKept">Whether <see cref="ToKeep"/> had something kept.</param>
    Task DeliverAsync(StoredDuty duty, bool isKept);
}
