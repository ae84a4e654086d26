using Presence.Core.Domain;

namespace Presence.Core.Webhooks;

/// <summary>Sends messages to receivers.</summary>
internal interface IWebhookSender
{
    /// <summary>Sends a message once, and ends in its own time limit.</summary>
    Task<WebhookAttempt> SendAsync(Webhook webhook, WebhookMessage message, CancellationToken cancellationToken);
}
