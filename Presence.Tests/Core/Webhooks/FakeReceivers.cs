using System.Collections.Concurrent;
using System.Text.Json;
using Presence.Core.Domain;
using Presence.Core.Webhooks;

namespace Presence.Tests.Core.Webhooks;

/// <summary>A message as a receiver has got it.</summary>
internal sealed record Got(string WebhookId, string MessageId, IReadOnlyList<string> Events);

/// <summary>Receivers that answer as a test says.</summary>
internal sealed class FakeReceivers : IWebhookSender
{
    /// <summary>All that arrived, and what of it failed.</summary>
    public ConcurrentQueue<Got> Received { get; } = [];

    /// <summary>What is answered.</summary>
    public Func<Webhook, Task<WebhookAttempt>> Answer { get; set; } = _ => Task.FromResult(WebhookAttempt.Answered(200));

    public IReadOnlyList<string> EventsOf(string webhookId) => [.. Received.Where(got => got.WebhookId == webhookId).SelectMany(got => got.Events)];

    public Task<WebhookAttempt> SendAsync(Webhook webhook, WebhookMessage message, CancellationToken cancellationToken)
    {
        var events = JsonElement.Parse(message.Body.Span).EnumerateArray().Select(one => one.GetProperty("id").GetString()!);
        Received.Enqueue(new(webhook.Id, message.Id, [.. events]));
        return Answer(webhook);
    }
}
