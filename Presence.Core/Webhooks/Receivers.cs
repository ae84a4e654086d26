using Presence.Core.Domain;

namespace Presence.Core.Webhooks;

/// <summary>Sends a message to whom its webhook leads: a URL of the backend, or the Event Grid topic of the settings.</summary>
internal sealed class Receivers(IWebhookSender urls, EventGridTopic topic) : IWebhookSender
{
    public Task<WebhookAttempt> SendAsync(Webhook webhook, WebhookMessage message, CancellationToken cancellationToken) =>
        (webhook.IsEventGrid ? topic : urls).SendAsync(webhook, message, cancellationToken);
}
