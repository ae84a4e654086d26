using System.Collections.Immutable;
using Presence.Core.Domain;

namespace Presence.Core.Rules;

/// <summary>When a webhook is tried, tried again and given up. The schedule of retries is that which Standard Webhooks 1.0 recommends.</summary>
internal static class WebhookRules
{
    /// <summary>How long a receiver may fail before its webhook is disabled.</summary>
    public static readonly TimeSpan DisabledAfter = TimeSpan.FromDays(5);

    /// <summary>How long after which attempt the next one is: the first is made at once. The last wait is repeated.</summary>
    public static readonly ImmutableArray<TimeSpan> Retries =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(30);

    private const int GoneStatus = 410;

    /// <summary>Whether it is to be looked at now.</summary>
    public static bool IsDue(WebhookHealth health, DateTimeOffset now) => health.IsEnabled && !(health.NextAttemptAt > now);

    /// <summary>
    /// Whether a cursor is to be written anew although it has passed over nothing: where nothing happens for longer than events are kept, it would
    /// be taken for one that is too far behind. Each half hour by the clock, and so for all webhooks in the same run, which gives them the same cursor.
    /// </summary>
    public static bool IsStale(DateTimeOffset movedAt, DateTimeOffset now) => now.UtcTicks / StaleAfter.Ticks > movedAt.UtcTicks / StaleAfter.Ticks;

    /// <summary>How it is after an attempt.</summary>
    public static WebhookHealth After(WebhookHealth health, WebhookAttempt attempt, DateTimeOffset now)
    {
        var told = health with { LastAttemptAt = now, LastStatus = attempt.Status, LastFailure = attempt.Failure };
        return attempt.IsDelivered ? Fresh(told) with { LastDeliveredAt = now }
            : attempt.Status == GoneStatus ? Ended(told, WebhookEnd.Gone, now)
            : Failed(told, attempt.RetryAfter, now);
    }

    /// <summary>As if nothing had failed: what is to be sent is due at once.</summary>
    public static WebhookHealth Fresh(WebhookHealth health) => health with { FailedAttempts = 0, FailingSince = null, NextAttemptAt = null };

    /// <summary>Enabled again.</summary>
    public static WebhookHealth Enabled(WebhookHealth health) => health.IsEnabled ? health : Fresh(health) with { EndedAt = null, End = null };

    /// <summary>Sent nothing any more.</summary>
    public static WebhookHealth Ended(WebhookHealth health, WebhookEnd why, DateTimeOffset now) =>
        health.IsEnabled ? health with { EndedAt = now, End = why, NextAttemptAt = null } : health;

    private static WebhookHealth Failed(WebhookHealth health, TimeSpan? retryAfter, DateTimeOffset now)
    {
        var since = health.FailingSince ?? now;
        var failed = health with { FailedAttempts = health.FailedAttempts + 1, FailingSince = since };
        var last = since + DisabledAfter;
        return now >= last ? Ended(failed, WebhookEnd.Failing, now) : failed with { NextAttemptAt = Earlier(now + WaitAfter(failed.FailedAttempts, retryAfter), last) };
    }

    /// <summary>What the schedule says, or longer where the receiver wishes it, but not longer than the schedule ever waits.</summary>
    private static TimeSpan WaitAfter(int failedAttempts, TimeSpan? retryAfter)
    {
        var scheduled = Retries[Math.Min(failedAttempts, Retries.Length - 1)];
        return !(retryAfter > scheduled) ? scheduled : retryAfter.Value < Retries[^1] ? retryAfter.Value : Retries[^1];
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
