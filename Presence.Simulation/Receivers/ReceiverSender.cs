using Presence.Core.Domain;
using Presence.Core.Webhooks;
using Presence.Simulation.Services;

namespace Presence.Simulation.Receivers;

/// <summary>The ways from one instance to the receivers: a message may not arrive, late, or arrive and its answer not.</summary>
internal sealed class ReceiverSender(ReceiverList receivers, Func<Receiver, Wire> wireTo) : IWebhookSender
{
    private readonly Dictionary<string, (Receiver Receiver, Wire Wire)> _ways =
        receivers.All.ToDictionary(receiver => receiver.Id, receiver => (receiver, wireTo(receiver)), StringComparer.Ordinal);

    public async Task<WebhookAttempt> SendAsync(Webhook webhook, WebhookMessage message, CancellationToken cancellationToken)
    {
        var (receiver, wire) = _ways[webhook.Id];
        try
        {
            // A receiver that fails may have dealt with the message or not.
            return await wire.CallAsync(
                $"send {message.Id}", WebhookSender.Longest, () => receivers.Take(receiver, message), () => WebhookAttempt.Answered(500), cancellationToken);
        }
        catch (IOException)
        {
            return WebhookAttempt.Failed(WebhookFailure.NoAnswer);
        }
    }
}
