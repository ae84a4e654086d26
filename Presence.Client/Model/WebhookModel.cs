namespace Presence.Client.Model;

/// <summary>A webhook: events sent to a URL. Its secret is told by <see cref="WebhookSecret"/> alone.</summary>
public sealed record Webhook
{
    /// <summary>Its id.</summary>
    public string WebhookId { get; init => field = value ?? ""; } = "";

    /// <summary>Where its events are sent.</summary>
    public string Url { get; init => field = value ?? ""; } = "";

    /// <summary>What it is for; null where that was not said.</summary>
    public string? Description { get; init; }

    /// <summary>Which events it is sent.</summary>
    public WebhookFilter Filter { get; init => field = value ?? new(); } = new();

    /// <summary>Whether it is sent events.</summary>
    public bool Enabled { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when the secret before this one signs as well; null where it was never exchanged.</summary>
    public DateTimeOffset? PreviousSecretUntil { get; init; }

    /// <summary>Up to where in the feed it has been told; null for the beginning of what is kept.</summary>
    public string? Cursor { get; init; }

    /// <summary>How its deliveries go.</summary>
    public WebhookHealth Health { get; init => field = value ?? new(); } = new();
}

/// <summary>All webhooks.</summary>
public sealed record WebhookList
{
    /// <summary>Each of them, up to 50.</summary>
    public IReadOnlyList<Webhook> Webhooks { get; init => field = value ?? []; } = [];
}

/// <summary>Which events a webhook is sent: those that every part lets through. A part that is null lets all through.</summary>
public sealed record WebhookFilter
{
    /// <summary>
    /// Events of these types, each of <see cref="PresenceEventType"/>. <see cref="PresenceEventType.Membership"/> lets others through as well that name
    /// <c>joined</c> or <c>left</c>.
    /// </summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Events of users who are in one of these conversations, 1 to 50, or were until then. Erasures are sent whatever this says.</summary>
    public IReadOnlyList<string>? Conversations { get; init; }

    /// <summary>Events of these users, 1 to 50. Erasures are sent whatever this says. Whoever is erased is taken out: answered empty, it lets nobody through.</summary>
    public IReadOnlyList<string>? Users { get; init; }
}

/// <summary>How the deliveries of a webhook go.</summary>
public sealed record WebhookHealth
{
    /// <summary>How many attempts in a row have failed.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>When the first of them did; null where none has.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Not before then is the next attempt; null for as soon as there is something to send.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When the last attempt ended.</summary>
    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>The HTTP status that the receiver answered to it; null where it did not answer.</summary>
    public int? LastStatus { get; init; }

    /// <summary>What went wrong with it: one of <see cref="WebhookFailure"/>, or what a newer server says; null where nothing did.</summary>
    public string? LastFailure { get; init; }

    /// <summary>When something was last delivered.</summary>
    public DateTimeOffset? LastDeliveredAt { get; init; }

    /// <summary>When it was last so far behind that events it was owed had been removed; null where it never was.</summary>
    public DateTimeOffset? SkippedAt { get; init; }

    /// <summary>Since when it is sent nothing any more; null where it is.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Why: <c>disabled</c> by the backend, <c>gone</c> (its receiver answered 410), or <c>failing</c> for 5 days.</summary>
    public string? DisabledReason { get; init; }
}

/// <summary>A webhook that is to be made.</summary>
public sealed record NewWebhook
{
    /// <summary>Where its events are to be sent: https, without user name, password or fragment; 1 to 2,048 characters.</summary>
    public string Url { get; init => field = value ?? ""; } = "";

    /// <summary>What it is for: up to 200 characters, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Which events it is sent; null for all.</summary>
    public WebhookFilter? Filter { get; init; }

    /// <summary>The <see cref="EventPage.Cursor"/> behind which it begins; null for from now on.</summary>
    public string? After { get; init; }
}

/// <summary>What is to be different of a webhook; what is null stays.</summary>
public sealed record WebhookChange
{
    /// <summary>Where its events are to be sent: as in <see cref="NewWebhook"/>. Another one is tried at once, whatever failed before.</summary>
    public string? Url { get; init; }

    /// <summary>What it is for: up to 200 characters; empty for nothing.</summary>
    public string? Description { get; init; }

    /// <summary>Which events it is sent: the whole filter anew.</summary>
    public WebhookFilter? Filter { get; init; }

    /// <summary>Whether it is sent events. Enabled again, it is sent what it missed, as far as that is kept.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>A webhook, and its secret, which is told this once.</summary>
public sealed record WebhookSecret
{
    /// <summary>The webhook.</summary>
    public Webhook Webhook { get; init => field = value ?? new(); } = new();

    /// <summary>What its messages are signed with, after Standard Webhooks 1.0. A secret.</summary>
    public string Secret { get; init => field = value ?? ""; } = "";

    /// <summary>Tells no secret.</summary>
    public override string ToString() => $"WebhookSecret {{ WebhookId = {Webhook.WebhookId} }}";
}

/// <summary>What became of a message that was sent to try a webhook.</summary>
public sealed record WebhookTestResult
{
    /// <summary>Whether the receiver answered with 2xx.</summary>
    public bool Delivered { get; init; }

    /// <summary>The HTTP status that it answered; null where it did not.</summary>
    public int? Status { get; init; }

    /// <summary>What went wrong: one of <see cref="WebhookFailure"/>, or what a newer server says; null where nothing did.</summary>
    public string? Failure { get; init; }
}

/// <summary>What can go wrong with an attempt.</summary>
public static class WebhookFailure
{
    /// <summary>The URL leads where webhooks may not lead.</summary>
    public const string AddressNotAllowed = "addressNotAllowed";

    /// <summary>There is no such name.</summary>
    public const string NameNotFound = "nameNotFound";

    /// <summary>Nobody listens there, or the connection was lost.</summary>
    public const string NoAnswer = "noAnswer";

    /// <summary>TLS was not agreed on, as where the certificate is not to be trusted.</summary>
    public const string InsecureConnection = "insecureConnection";

    /// <summary>The receiver did not answer within 10 s.</summary>
    public const string TimedOut = "timedOut";

    /// <summary>It answered with a redirect, which is not followed.</summary>
    public const string Redirect = "redirect";

    /// <summary>It answered with another status than 2xx.</summary>
    public const string Status = "status";

    /// <summary>Of Event Grid: the server has no identity, or got no token for it.</summary>
    public const string NoToken = "noToken";
}
