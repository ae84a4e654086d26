using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Messaging.EventGrid;
using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Webhooks;

/// <summary>
/// The Event Grid topic of the settings. It is sent the messages that webhooks are, under a token of this app or an access key instead of a signature.
/// Attempts that fail are those of its webhook, so the client makes none of its own.
/// </summary>
internal sealed class EventGridTopic : IWebhookSender
{
    private readonly Lazy<EventGridPublisherClient> _client;
    private readonly TimeProvider _time;

    /// <param name="options">Which topic; one without a topic sends nothing.</param>
    /// <param name="identity">Who this app is where there is no key.</param>
    /// <param name="time">The clock.</param>
    /// <param name="transport">What carries the requests; null for the network.</param>
    public EventGridTopic(PresenceOptions options, Func<TokenCredential> identity, TimeProvider time, HttpPipelineTransport? transport = null)
    {
        _time = time;
        _client = new(() =>
        {
            var (topic, settings) = (new Uri(options.EventGridTopic), Settings(transport));
            return options.EventGridKey is { Length: > 0 } key
                ? new(topic, new AzureKeyCredential(key), settings)
                : new(topic, identity(), settings);
        });
    }

    public async Task<WebhookAttempt> SendAsync(Webhook webhook, WebhookMessage message, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(WebhookSender.Longest, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var response = await _client.Value.SendEncodedCloudEventsAsync(message.Body, either.Token);
            return WebhookAttempt.Answered(response.Status);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return WebhookAttempt.Failed(WebhookFailure.TimedOut);
        }
        catch (AuthenticationFailedException)
        {
            return WebhookAttempt.Failed(WebhookFailure.NoToken);
        }
        catch (RequestFailedException e) when (e.Status > 0)
        {
            return WebhookAttempt.Answered(e.Status, ServerWait.Of(e, _time.GetUtcNow()));
        }
        catch (RequestFailedException e)
        {
            return WebhookAttempt.Failed(e.InnerException is HttpRequestException inner ? WebhookSender.FailureOf(inner) : WebhookFailure.NoAnswer);
        }
    }

    private static EventGridPublisherClientOptions Settings(HttpPipelineTransport? transport)
    {
        var settings = new EventGridPublisherClientOptions
        {
            Retry = { MaxRetries = 0, NetworkTimeout = WebhookSender.Longest },
            Diagnostics = { IsDistributedTracingEnabled = false, IsLoggingEnabled = false },
        };
        settings.Transport = transport ?? settings.Transport;
        return settings;
    }
}
