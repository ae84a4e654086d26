using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Core.Metrics;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.Webhooks;

/// <summary>
/// One webhook in one run: page by page, until it has everything, an attempt fails, or the time is over. After each message its row is written, and
/// where nothing passed its filter, once at the end.
/// </summary>
internal sealed class WebhookLane(
    IWebhookStore store, FeedPages pages, IWebhookSender sender, PresenceMetrics metrics, TimeProvider time, StoredWebhook stored)
{
    private StoredWebhook _stored = stored;
    private Webhook _webhook = stored.Webhook;

    /// <summary>How many messages were delivered.</summary>
    public int Delivered { get; private set; }

    /// <summary>How many attempts failed: one at most.</summary>
    public int Failed { get; private set; }

    /// <summary>Whether somebody else has changed the webhook meanwhile: what that one did holds.</summary>
    public bool IsOvertaken { get; private set; }

    /// <summary>Why it was disabled just now; null where it was not.</summary>
    public WebhookEnd? EndedAs { get; private set; }

    /// <summary>Sends what is owed.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task RunAsync(TimeLimit limit, CancellationToken cancellationToken)
    {
        while (await StepAsync(cancellationToken) && !limit.IsOver)
        {
        }

        await KeepAsync(cancellationToken);
    }

    /// <summary>One page. False where there is nothing more to do in this run.</summary>
    private async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        if (await ReadAsync() is not { } read)
        {
            Skip();
            return true;
        }

        var (page, message) = read;
        if (message is null)
        {
            PassOver(page);
            return page.HasMore;
        }

        var attempt = await sender.SendAsync(_webhook, message, cancellationToken);
        var now = time.GetUtcNow();
        var health = WebhookRules.After(_webhook.Health, attempt, now);
        _webhook = attempt.IsDelivered ? Moved(page) with { Health = health } : _webhook with { Health = health };
        Tell(attempt, health, now - message.OldestAt);
        return await KeepAsync(cancellationToken) && attempt.IsDelivered && page.HasMore;
    }

    /// <summary>The next page, so long that its message is not too large; null where events behind the cursor have been removed.</summary>
    private async Task<(EventPage Page, WebhookMessage? Message)?> ReadAsync()
    {
        try
        {
            for (var limit = WebhookMessage.MaxEvents; ; limit = (limit + 1) / 2)
            {
                var page = await pages.ReadAsync(_webhook.Cursor, limit);
                var message = WebhookMessage.Of(_webhook.Id, [.. page.Events.Where(_webhook.Filter.Lets)]);
                if (message is null || limit == 1 || message.Body.Length <= WebhookMessage.MaxBytes)
                {
                    return (page, message);
                }
            }
        }
        catch (CursorTooOldException) when (_webhook.Cursor is not null)
        {
            return null;
        }
    }

    /// <summary>Goes on with the oldest that is kept, and says so.</summary>
    private void Skip()
    {
        metrics.WebhookSkipped();
        var now = time.GetUtcNow();
        _webhook = _webhook with { Cursor = null, MovedAt = now, Health = _webhook.Health with { SkippedAt = now } };
    }

    private void PassOver(EventPage page)
    {
        if (!page.Events.IsEmpty || WebhookRules.IsStale(_webhook.MovedAt, time.GetUtcNow()))
        {
            _webhook = Moved(page);
        }
    }

    private Webhook Moved(EventPage page) => _webhook with { Cursor = page.Next.ToString(), MovedAt = time.GetUtcNow() };

    private void Tell(WebhookAttempt attempt, WebhookHealth health, TimeSpan? lag)
    {
        (Delivered, Failed) = attempt.IsDelivered ? (Delivered + 1, Failed) : (Delivered, Failed + 1);
        metrics.WebhookAttempted(attempt.IsDelivered);
        if (attempt.IsDelivered && lag is { } late)
        {
            metrics.WebhookDelivered(late);
        }

        if (health.End is { } end)
        {
            EndedAs = end;
            metrics.WebhookDisabled(end == WebhookEnd.Gone ? "gone" : "failing");
        }
    }

    /// <summary>Writes what has changed. False where somebody else was faster.</summary>
    private async Task<bool> KeepAsync(CancellationToken cancellationToken)
    {
        if (IsOvertaken || _webhook == _stored.Webhook)
        {
            return !IsOvertaken;
        }

        if (await store.TryReplaceAsync(_stored, _webhook, cancellationToken) is not { } kept)
        {
            IsOvertaken = true;
            return false;
        }

        (_stored, _webhook) = (kept, kept.Webhook);
        return true;
    }
}
