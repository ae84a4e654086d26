using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>What throttle windows hold back.</summary>
public interface IHeldActivity
{
    /// <summary>The last activity of a user that this instance has seen and not recorded; null for none.</summary>
    DateTimeOffset? LastHeld(PresenceKey user);
}
