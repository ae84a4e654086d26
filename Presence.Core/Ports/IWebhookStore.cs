using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>A webhook as stored.</summary>
/// <param name="Webhook">What it is.</param>
/// <param name="Tag">Of what was read: a change is made only to that.</param>
public sealed record StoredWebhook(Webhook Webhook, string Tag);

/// <summary>
/// Where webhooks are kept, the same for all instances. All of it throws <see cref="StoreUnavailableException"/> while the storage is out of
/// reach.
/// </summary>
public interface IWebhookStore
{
    /// <summary>All of them, in the order of their ids: one request. What cannot be read is left out.</summary>
    Task<IReadOnlyList<StoredWebhook>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One, or null: one request.</summary>
    Task<StoredWebhook?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Keeps a new one; one of that id that is there already is left as it is.</summary>
    Task AddAsync(Webhook webhook, CancellationToken cancellationToken);

    /// <summary>Replaces one as it was read: one request.</summary>
    /// <returns>As it is stored now; null if it has changed since it was read, or is gone.</returns>
    Task<StoredWebhook?> TryReplaceAsync(StoredWebhook before, Webhook after, CancellationToken cancellationToken);

    /// <summary>Removes one, whatever it is by now.</summary>
    /// <returns>Whether it was there.</returns>
    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken);
}
