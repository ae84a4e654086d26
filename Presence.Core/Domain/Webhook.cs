namespace Presence.Core.Domain;

/// <summary>A subscription of the application's backend: where events are sent, which of them, and up to where it has been told.</summary>
public sealed record Webhook
{
    /// <summary>The most of them.</summary>
    public const int Most = 50;

    /// <summary>The longest description, in UTF-16 characters.</summary>
    public const int MaxDescription = 200;

    /// <summary>The id of the one that leads to the Event Grid topic of the settings.</summary>
    public const string EventGridId = "eventGrid";

    private const string IdPrefix = "wh";

    private const int IdDigits = 32;

    /// <summary>Its id, which this system has made.</summary>
    public required string Id { get; init; }

    /// <summary>Where its events are sent.</summary>
    public required Uri Url { get; init; }

    /// <summary>What the backend says of it; null where it says nothing.</summary>
    public string? Description { get; init; }

    /// <summary>Which events it is sent.</summary>
    public WebhookFilter Filter { get; init; } = WebhookFilter.Everything;

    /// <summary>What its messages are signed with.</summary>
    public required WebhookSecrets Secrets { get; init; }

    /// <summary>
    /// The cursor behind the last event that was delivered or passed over; null for the beginning of what is kept. All that it is still owed lies
    /// behind it, so that nothing is written for an event.
    /// </summary>
    public string? Cursor { get; init; }

    /// <summary>When the cursor was last written.</summary>
    public required DateTimeOffset MovedAt { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How its deliveries go.</summary>
    public WebhookHealth Health { get; init; } = new();

    /// <summary>Whether it leads to the Event Grid topic of the settings, under the identity of this app, and not to a URL that the backend gave.</summary>
    public bool IsEventGrid => Id == EventGridId;

    /// <summary>A new id.</summary>
    public static string NewId() => $"{IdPrefix}{Guid.NewGuid():N}";

    /// <summary>Whether a text can be the id of one that the backend made.</summary>
    public static bool IsId(string text) =>
        text.Length == IdPrefix.Length + IdDigits && text.StartsWith(IdPrefix, StringComparison.Ordinal) && text[IdPrefix.Length..].All(char.IsAsciiHexDigitLower);
}
