using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Core.Ports;
using Presence.Core.Webhooks;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Webhooks;

/// <summary>Webhooks, and what they are sent, for tests.</summary>
internal static class Hooks
{
    public static Webhook Webhook(Uri? url = null, string? cursor = null) => new()
    {
        Id = Presence.Core.Domain.Webhook.NewId(),
        Url = url ?? new("https://hooks.example.com/presence"),
        Secrets = new(WebhookSecrets.Make()),
        Cursor = cursor,
        MovedAt = Start,
        CreatedAt = Start,
    };

    /// <summary>What the settings say of Event Grid: nothing, unless a topic is given.</summary>
    public static EventGridWebhook EventGrid(IWebhookStore store, EventFeed feed, TimeProvider time, Uri? topic = null) => new(store, feed, topic, time);

    public static WebhookMessage Message() => WebhookMessage.Of("wh", [Event(Alice, 1)])!;

    public static UserEvent Event(PresenceKey user, long version, DateTimeOffset? at = null) => new(UserEventKind.Status, user, version, at ?? Start)
    {
        View = new PresenceView
        {
            UserId = user.ToString(), IsAnonymous = user.IsAnonymous, Status = PresenceStatus.Online, LastActiveAt = at ?? Start, LastSeenAt = null, Version = version,
        },
        Conversations = ["team-1"],
    };
}
