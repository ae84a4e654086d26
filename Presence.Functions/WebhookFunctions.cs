using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Core.Options;
using Presence.Core.Webhooks;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Lets the application's backend be sent events, instead of asking for them.</summary>
public sealed class WebhookFunctions(
    ApiPipeline pipeline, WebhookSubscriptions webhooks, EventFeed feed, IOptions<PresenceOptions> options, TimeProvider time)
{
    private const string Route = "api/webhooks";

    private const string RouteOfOne = Route + "/{webhookId}";

    private bool MayBePrivate => options.Value.AllowPrivateWebhooks;

    [Function(nameof(GetWebhooks))]
    public Task<ApiOutput> GetWebhooks(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request, async _ => new WebhooksAnswer([.. (await webhooks.ListAsync(cancellationToken)).Select(WebhookValues.ToAnswer)]));

    [Function(nameof(AddWebhook))]
    public Task<ApiOutput> AddWebhook(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            async _ =>
            {
                var body = await RequestBody.ReadAsync(request, ApiJson.Default.WebhookRequest, WebhookValues.MaxBytes, cancellationToken);
                var wanted = new NewWebhook(
                    WebhookUrl.Parse(body.Url, MayBePrivate),
                    WebhookValues.Description(body.Description),
                    WebhookValues.FilterOf(body.Filter),
                    CursorOf(body.After));
                return feed.IsOn ? ToAnswer(await webhooks.AddAsync(wanted, cancellationToken)) : NoFeed();
            });

    [Function(nameof(GetWebhook))]
    public Task<ApiOutput> GetWebhook(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = RouteOfOne)] HttpRequest request,
        string webhookId,
        CancellationToken cancellationToken) =>
        ForOneAsync(request, webhookId, async () => ToAnswer(await webhooks.FindAsync(webhookId, cancellationToken)));

    [Function(nameof(ChangeWebhook))]
    public Task<ApiOutput> ChangeWebhook(
        [HttpTrigger(AuthorizationLevel.Function, "patch", Route = RouteOfOne)] HttpRequest request,
        string webhookId,
        CancellationToken cancellationToken) =>
        ForOneAsync(
            request,
            webhookId,
            async () =>
            {
                var body = await RequestBody.ReadAsync(request, ApiJson.Default.WebhookChangeRequest, WebhookValues.MaxBytes, cancellationToken);
                if (body.Url is not null)
                {
                    MustBeOfBackend(webhookId);
                }

                var change = ChangeOf(body);
                return ToAnswer(await webhooks.ChangeAsync(webhookId, change, cancellationToken));
            });

    [Function(nameof(RemoveWebhook))]
    public Task<ApiOutput> RemoveWebhook(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = RouteOfOne)] HttpRequest request,
        string webhookId,
        CancellationToken cancellationToken) =>
        ForOneAsync(
            request,
            webhookId,
            async () =>
            {
                await RequestBody.ReadAsync(request, ApiJson.Default.NoFields, cancellationToken);
                MustBeOfBackend(webhookId);
                return await webhooks.RemoveAsync(webhookId, cancellationToken) ? null : NotFound();
            });

    [Function(nameof(ExchangeWebhookSecret))]
    public Task<ApiOutput> ExchangeWebhookSecret(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = RouteOfOne + "/secrets")] HttpRequest request,
        string webhookId,
        CancellationToken cancellationToken) =>
        ForOneAsync(
            request,
            webhookId,
            async () =>
            {
                await RequestBody.ReadAsync(request, ApiJson.Default.NoFields, cancellationToken);
                MustBeOfBackend(webhookId);
                return await webhooks.ExchangeSecretAsync(webhookId, cancellationToken) is { } exchanged ? ToAnswer(exchanged) : NotFound();
            });

    [Function(nameof(ReplayWebhook))]
    public Task<ApiOutput> ReplayWebhook(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = RouteOfOne + "/replay")] HttpRequest request,
        string webhookId,
        CancellationToken cancellationToken) =>
        ForOneAsync(
            request,
            webhookId,
            async () =>
            {
                var body = await RequestBody.ReadAsync(request, ApiJson.Default.WebhookReplayRequest, cancellationToken);
                var after = CursorOf(body.After);
                return feed.IsOn ? ToAnswer(await webhooks.ReplayAsync(webhookId, after, cancellationToken)) : NoFeed();
            });

    [Function(nameof(TestWebhook))]
    public Task<ApiOutput> TestWebhook(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = RouteOfOne + "/test")] HttpRequest request,
        string webhookId,
        CancellationToken cancellationToken) =>
        ForOneAsync(
            request,
            webhookId,
            async () =>
            {
                await RequestBody.ReadAsync(request, ApiJson.Default.NoFields, cancellationToken);
                MustBeOfBackend(webhookId);
                return await webhooks.TestAsync(webhookId, cancellationToken) is { } attempt ? WebhookValues.ToAnswer(attempt) : NotFound();
            });

    /// <summary>What is no id is the id of none: storage is not asked.</summary>
    private Task<ApiOutput> ForOneAsync(HttpRequest request, string webhookId, Func<Task<object?>> handle) =>
        pipeline.ForBackendAsync(
            request,
            async _ => Webhook.IsId(webhookId) || (webhookId == Webhook.EventGridId && options.Value.EventGridTopic.Length > 0) ? await handle() : NotFound());

    private static void MustBeOfBackend(string webhookId)
    {
        if (webhookId == Webhook.EventGridId)
        {
            throw new InvalidInputException(
                nameof(webhookId), "must not be eventGrid: the topic is what Presence:EventGridTopic says; its filter can be changed, it can be disabled, and replayed");
        }
    }

    /// <summary>All of it is read before anything is changed.</summary>
    private Func<Webhook, Webhook> ChangeOf(WebhookChangeRequest body)
    {
        var url = body.Url is null ? null : WebhookUrl.Parse(body.Url, MayBePrivate);
        var description = WebhookValues.Description(body.Description);
        var filter = body.Filter is null ? null : WebhookValues.FilterOf(body.Filter);
        return webhook => Enabled(WebhookSubscriptions.Redirected(webhook, url ?? webhook.Url)) with
        {
            Description = body.Description is null ? webhook.Description : description,
            Filter = filter ?? webhook.Filter,
        };

        Webhook Enabled(Webhook webhook) => body.Enabled is { } isEnabled ? WebhookSubscriptions.Enabled(webhook, isEnabled, time.GetUtcNow()) : webhook;
    }

    private static EventCursor? CursorOf(string? after) => after is null ? null : EventCursor.Parse(after);

    private static object ToAnswer(Webhook? webhook) => webhook is null ? NotFound() : WebhookValues.ToAnswer(webhook);

    private static WebhookSecretAnswer ToAnswer((Webhook Webhook, string Secret) made) => new(WebhookValues.ToAnswer(made.Webhook), made.Secret);

    private static ApiResult NotFound() => ApiResult.Fail(StatusCodes.Status404NotFound, "There is no such webhook.", "not_found");

    private static ApiResult NoFeed() => ApiResult.Fail(StatusCodes.Status404NotFound, "No events are kept: Presence:EventRetention is 0.", "not_found");
}
