using Presence.Client.Model;

namespace Presence.Client;

/// <summary>
/// All that Presence answers to. Every method throws <see cref="PresenceException"/> where it is refused or does not come through. What a test
/// needs of it, it can build: an implementation of its own, and records.
/// </summary>
public interface IPresenceClient : IPresenceUserClient, IPresenceBackendClient
{
    /// <summary>Whether the server runs. Wants neither credentials nor key, and asks no dependency.</summary>
    Task<Health> GetHealthAsync(CancellationToken cancellationToken = default);

    /// <summary>Whether all that it depends on is within reach; where it is not, the answer names what is away instead of failing.</summary>
    Task<Health> GetReadinessAsync(CancellationToken cancellationToken = default);
}
