using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Simulation.Storage;

/// <summary>Nobody is sent events here: those who follow the feed read it.</summary>
internal sealed class NoWebhooks : IWebhookStore
{
    public Task<IReadOnlyList<StoredWebhook>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<StoredWebhook>>([]);

    public Task<StoredWebhook?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult<StoredWebhook?>(null);

    public Task AddAsync(Webhook webhook, CancellationToken cancellationToken) => throw new NotSupportedException("There are no webhooks here.");

    public Task<StoredWebhook?> TryReplaceAsync(StoredWebhook before, Webhook after, CancellationToken cancellationToken) => Task.FromResult<StoredWebhook?>(null);

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => Task.FromResult(false);
}
