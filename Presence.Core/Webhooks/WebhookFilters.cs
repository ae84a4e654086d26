using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.Webhooks;

/// <summary>What webhooks ask for, where that names users.</summary>
public sealed class WebhookFilters(IWebhookStore store)
{
    /// <summary>Takes a user out of all filters that name it: one request, and two for each of them. One that named nobody else names nobody then, and not everybody.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task ForgetAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        foreach (var stored in (await store.ListAsync(cancellationToken)).Where(stored => stored.Webhook.Filter.Names(user)))
        {
            await store.ChangeAsync(stored.Webhook.Id, webhook => webhook with { Filter = webhook.Filter.Without(user) }, cancellationToken);
        }
    }
}
