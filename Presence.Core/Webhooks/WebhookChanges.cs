using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.Webhooks;

/// <summary>Changes webhooks that a delivery may change at the same time.</summary>
internal static class WebhookChanges
{
    /// <summary>More are of a webhook that is sent something in each moment.</summary>
    private const int MostAttempts = 10;

    /// <summary>Changes one as it is by then; a change that was made already is not written.</summary>
    /// <returns>As it is now; null if there is none.</returns>
    /// <exception cref="StoreUnavailableException">The storage is out of reach, or the webhook changes all the time.</exception>
    public static async Task<Webhook?> ChangeAsync(this IWebhookStore store, string id, Func<Webhook, Webhook> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            if (await store.FindAsync(id, cancellationToken) is not { } before)
            {
                return null;
            }

            var after = change(before.Webhook);
            if (after == before.Webhook)
            {
                return after;
            }

            if (await store.TryReplaceAsync(before, after, cancellationToken) is { } kept)
            {
                return kept.Webhook;
            }
        }

        throw new StoreUnavailableException($"The webhook changes all the time: gave up after {MostAttempts} attempts.");
    }
}
