namespace Presence.Core.Domain;

/// <summary>Why a webhook is sent nothing any more.</summary>
public enum WebhookEnd
{
    /// <summary>The backend has disabled it.</summary>
    Disabled,

    /// <summary>The receiver answered 410: it is gone.</summary>
    Gone,

    /// <summary>The receiver has failed for too long.</summary>
    Failing,
}

/// <summary>How the deliveries of a webhook go.</summary>
public sealed record WebhookHealth
{
    /// <summary>How many attempts in a row have failed.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>When the first of them did; null where none has.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Not before then is the next attempt; null for at once.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When the last attempt ended, good or not.</summary>
    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>What the receiver answered to it; null where it did not.</summary>
    public int? LastStatus { get; init; }

    /// <summary>What went wrong with it, one of <see cref="WebhookFailure"/>; null where nothing did.</summary>
    public string? LastFailure { get; init; }

    /// <summary>When something was last delivered.</summary>
    public DateTimeOffset? LastDeliveredAt { get; init; }

    /// <summary>When it was last so far behind that events it was owed had been removed.</summary>
    public DateTimeOffset? SkippedAt { get; init; }

    /// <summary>Since when it is sent nothing any more; null where it is.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why.</summary>
    public WebhookEnd? End { get; init; }

    /// <summary>Whether it is sent events.</summary>
    public bool IsEnabled => EndedAt is null;
}
