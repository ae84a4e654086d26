using System.Globalization;
using System.Runtime.CompilerServices;
using Presence.Client.Http;
using Presence.Client.Model;

namespace Presence.Client;

/// <content>Calls of the backend about events, and where they are sent.</content>
public sealed partial class PresenceClient
{
    private const string Webhooks = "api/webhooks";

    /// <inheritdoc/>
    public Task<EventPage> GetEventPageAsync(string? after = null, int? limit = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(
            Get("api/events").With("after", after).With("limit", limit?.ToString(CultureInfo.InvariantCulture)),
            ClientJson.Default.EnvelopeEventPage,
            cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<EventPage> GetEventPagesAsync(
        string? after = null, int? pageSize = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        EventPage page;
        do
        {
            page = await GetEventPageAsync(after, pageSize, cancellationToken).ConfigureAwait(false);
            yield return page;
            after = page.Cursor;
        }
        while (page.HasMore);
    }

    /// <inheritdoc/>
    public Task<WebhookList> GetWebhooksAsync(CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(Get(Webhooks), ClientJson.Default.EnvelopeWebhookList, cancellationToken);

    /// <inheritdoc/>
    public Task<WebhookSecret> AddWebhookAsync(NewWebhook webhook, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(
            Post(Webhooks).With(webhook, ClientJson.Default.NewWebhook), ClientJson.Default.EnvelopeWebhookSecret, cancellationToken);

    /// <inheritdoc/>
    public Task<Webhook> GetWebhookAsync(string webhookId, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(Get(PathOfWebhook(webhookId)), ClientJson.Default.EnvelopeWebhook, cancellationToken);

    /// <inheritdoc/>
    public Task<Webhook> ChangeWebhookAsync(string webhookId, WebhookChange change, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(
            Patch(PathOfWebhook(webhookId)).With(change, ClientJson.Default.WebhookChange), ClientJson.Default.EnvelopeWebhook, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveWebhookAsync(string webhookId, CancellationToken cancellationToken = default) =>
        _transport.TellAsBackendAsync(Delete(PathOfWebhook(webhookId)), cancellationToken);

    /// <inheritdoc/>
    public Task<WebhookSecret> ExchangeWebhookSecretAsync(string webhookId, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(Post(PathOfWebhook(webhookId) + "/secrets"), ClientJson.Default.EnvelopeWebhookSecret, cancellationToken);

    /// <inheritdoc/>
    public Task<Webhook> ReplayWebhookAsync(string webhookId, string? after = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(
            Post(PathOfWebhook(webhookId) + "/replay").With(new(after), ClientJson.Default.WebhookReplayBody).SafeTwice(),
            ClientJson.Default.EnvelopeWebhook,
            cancellationToken);

    /// <inheritdoc/>
    public Task<WebhookTestResult> TestWebhookAsync(string webhookId, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(Post(PathOfWebhook(webhookId) + "/test"), ClientJson.Default.EnvelopeWebhookTestResult, cancellationToken);

    /// <summary>An id is letters and digits, so one that is anything else in a path is none.</summary>
    private static string PathOfWebhook(string webhookId)
    {
        ArgumentException.ThrowIfNullOrEmpty(webhookId);
        return webhookId.All(char.IsAsciiLetterOrDigit)
            ? $"{Webhooks}/{webhookId}"
            : throw new ArgumentException($"'{webhookId}' is no id of a webhook: these are ASCII letters and digits", nameof(webhookId));
    }
}
