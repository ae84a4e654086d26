using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.Webhooks;

/// <summary>What the application's backend says of a webhook.</summary>
/// <param name="Url">Where its events are to be sent.</param>
/// <param name="Description">What it is for; null for nothing.</param>
/// <param name="Filter">Which events it is sent.</param>
/// <param name="After">Behind which event it begins; null for from now on.</param>
public sealed record NewWebhook(Uri Url, string? Description, WebhookFilter Filter, EventCursor? After);

/// <summary>Makes webhooks, changes them and takes them away. A secret is shown where it is made, and never again.</summary>
public sealed class WebhookSubscriptions
{
    private readonly IWebhookStore _store;
    private readonly EventFeed _feed;
    private readonly EventGridWebhook _eventGrid;
    private readonly IWebhookSender _sender;
    private readonly TimeProvider _time;

    internal WebhookSubscriptions(IWebhookStore store, EventFeed feed, EventGridWebhook eventGrid, IWebhookSender sender, TimeProvider time) =>
        (_store, _feed, _eventGrid, _sender, _time) = (store, feed, eventGrid, sender, time);

    /// <summary>All of them.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<IReadOnlyList<Webhook>> ListAsync(CancellationToken cancellationToken) =>
        [.. _eventGrid.InForce(await _store.ListAsync(cancellationToken)).Select(stored => stored.Webhook)];

    /// <summary>One, or null.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<Webhook?> FindAsync(string id, CancellationToken cancellationToken) => (await _store.FindAsync(id, cancellationToken))?.Webhook;

    /// <summary>Makes one.</summary>
    /// <returns>The webhook, and its secret as it is to be shown.</returns>
    /// <exception cref="InvalidInputException">There are as many as there may be, or the cursor is none of this system.</exception>
    /// <exception cref="CursorTooOldException">Events behind the cursor have been removed.</exception>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<(Webhook Webhook, string Secret)> AddAsync(NewWebhook wanted, CancellationToken cancellationToken)
    {
        // Two at the same moment may both be the last one: nothing depends on the exact number.
        if ((await _store.ListAsync(cancellationToken)).Count(stored => !stored.Webhook.IsEventGrid) >= Webhook.Most)
        {
            throw new InvalidInputException("url", $"cannot be added: there are {Webhook.Most} webhooks, and there may be no more");
        }

        var cursor = wanted.After is { } after ? await CheckedAsync(after, cancellationToken) : await _feed.LatestAsync(cancellationToken);
        var (now, secret) = (_time.GetUtcNow(), WebhookSecrets.Make());
        var webhook = new Webhook
        {
            Id = Webhook.NewId(),
            Url = wanted.Url,
            Description = wanted.Description,
            Filter = wanted.Filter,
            Secrets = new(secret),
            Cursor = cursor.ToString(),
            MovedAt = now,
            CreatedAt = now,
        };
        await _store.AddAsync(webhook, cancellationToken);
        return (webhook, WebhookSecrets.Write(secret));
    }

    /// <summary>Changes one; a change that was made already changes nothing.</summary>
    /// <returns>As it is now; null if there is none.</returns>
    /// <exception cref="StoreUnavailableException">The storage is out of reach, or the webhook changes all the time.</exception>
    public Task<Webhook?> ChangeAsync(string id, Func<Webhook, Webhook> change, CancellationToken cancellationToken) =>
        _store.ChangeAsync(id, change, cancellationToken);

    /// <summary>Lets it be sent events, or no more.</summary>
    public static Webhook Enabled(Webhook webhook, bool isEnabled, DateTimeOffset now) => webhook with
    {
        Health = isEnabled ? WebhookRules.Enabled(webhook.Health) : WebhookRules.Ended(webhook.Health, WebhookEnd.Disabled, now),
    };

    /// <summary>Sends its events somewhere else, at once whatever failed before.</summary>
    public static Webhook Redirected(Webhook webhook, Uri url) =>
        url == webhook.Url ? webhook : webhook with { Url = url, Health = WebhookRules.Fresh(webhook.Health) };

    /// <summary>Exchanges its secret. The one before signs as well for a day.</summary>
    /// <returns>The webhook, and its new secret as it is to be shown; null if there is none.</returns>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<(Webhook Webhook, string Secret)?> ExchangeSecretAsync(string id, CancellationToken cancellationToken)
    {
        var secret = WebhookSecrets.Make();
        var changed = await ChangeAsync(id, webhook => webhook with { Secrets = webhook.Secrets.Exchanged(secret, _time.GetUtcNow()) }, cancellationToken);
        return changed is null ? null : (changed, WebhookSecrets.Write(secret));
    }

    /// <summary>Sends everything behind a cursor, again where it was sent before; null for everything that is kept.</summary>
    /// <returns>As it is now; null if there is none.</returns>
    /// <exception cref="InvalidInputException">The cursor is none of this system.</exception>
    /// <exception cref="CursorTooOldException">Events behind the cursor have been removed.</exception>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<Webhook?> ReplayAsync(string id, EventCursor? after, CancellationToken cancellationToken)
    {
        var cursor = after is null ? null : await CheckedAsync(after, cancellationToken);
        return await ChangeAsync(
            id,
            webhook => webhook with { Cursor = cursor?.ToString(), MovedAt = _time.GetUtcNow(), Health = WebhookRules.Fresh(webhook.Health) },
            cancellationToken);
    }

    /// <summary>Sends it a message without events, now, whether it is enabled or not. How its deliveries go is not touched by that.</summary>
    /// <returns>What became of it; null if there is none.</returns>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<WebhookAttempt?> TestAsync(string id, CancellationToken cancellationToken) =>
        await _store.FindAsync(id, cancellationToken) is { } stored
            ? await _sender.SendAsync(stored.Webhook, WebhookMessage.Test(), cancellationToken)
            : null;

    /// <summary>Takes one away.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => _store.RemoveAsync(id, cancellationToken);

    /// <summary>Whoever gives a cursor that cannot be read on from is to hear of it, and not only by what never comes.</summary>
    private async Task<EventCursor> CheckedAsync(EventCursor cursor, CancellationToken cancellationToken)
    {
        await _feed.ReadAsync(cursor, limit: 1, cancellationToken);
        return cursor;
    }
}
