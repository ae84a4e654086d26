using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Core.Ports;

namespace Presence.Core.Webhooks;

/// <summary>
/// The webhook that leads to the Event Grid topic of the settings. The first delivery makes it, and it begins with what happens from then on. While the
/// settings name no topic it rests, and nobody sees it; with one again, it goes on from where it was.
/// </summary>
/// <param name="store">Where webhooks are kept.</param>
/// <param name="feed">The feed.</param>
/// <param name="topic">The topic; null where there is none.</param>
/// <param name="time">The clock.</param>
internal sealed class EventGridWebhook(IWebhookStore store, EventFeed feed, Uri? topic, TimeProvider time)
{
    /// <summary>Those that are in force.</summary>
    public IEnumerable<StoredWebhook> InForce(IEnumerable<StoredWebhook> stored) => topic is null ? stored.Where(one => !one.Webhook.IsEventGrid) : stored;

    /// <summary>Makes it where it is missing, and has it lead to the topic that the settings name now. Served by the next run.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task PrepareAsync(IEnumerable<StoredWebhook> stored, CancellationToken cancellationToken)
    {
        var known = stored.FirstOrDefault(one => one.Webhook.IsEventGrid);
        if (topic is null || known?.Webhook.Url == topic)
        {
            return;
        }

        if (known is null)
        {
            await store.AddAsync(New(topic, await feed.LatestAsync(cancellationToken)), cancellationToken);
        }
        else
        {
            await store.TryReplaceAsync(known, WebhookSubscriptions.Redirected(known.Webhook, topic), cancellationToken);
        }
    }

    /// <summary>Its secret signs nothing: the topic knows this app by its token, or by the key.</summary>
    private Webhook New(Uri url, EventCursor cursor) => new()
    {
        Id = Webhook.EventGridId,
        Url = url,
        Secrets = new(WebhookSecrets.Make()),
        Cursor = cursor.ToString(),
        MovedAt = time.GetUtcNow(),
        CreatedAt = time.GetUtcNow(),
    };
}
