using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Ledger;

namespace Presence.Functions.Http;

/// <summary>Reads what the backend writes of webhooks, and writes what they are.</summary>
internal static class WebhookValues
{
    /// <summary>The largest body, in bytes: as many of the longest ids as a filter may name, every character written as <c>\uXXXX</c>, are 45,000.</summary>
    public const int MaxBytes = 65_536;

    /// <summary>A filter; without one everything is let through.</summary>
    /// <exception cref="InvalidInputException">A part of it names nothing, too much, or something that there is not.</exception>
    public static WebhookFilter FilterOf(WebhookFilterRequest? fields) => fields is null ? WebhookFilter.Everything : new(
        Each(fields.Types, "filter.types", CloudEvent.Types.Length, Kind),
        Each(fields.Conversations, "filter.conversations", WebhookFilter.Most, ConversationId.Parse),
        Each(fields.Users, "filter.users", WebhookFilter.Most, PresenceKey.Parse));

    /// <summary>What a webhook is for.</summary>
    /// <exception cref="InvalidInputException">It is too long.</exception>
    public static string? Description(string? text) => text is not { Length: > Webhook.MaxDescription } ? text is "" ? null : text
        : throw new InvalidInputException("description", $"must be at most {Webhook.MaxDescription} characters long");

    /// <summary>A webhook as an answer. Its secrets are none of it.</summary>
    public static WebhookAnswer ToAnswer(Webhook webhook) => new(
        webhook.Id,
        webhook.Url.AbsoluteUri,
        webhook.Description,
        new(
            webhook.Filter.Kinds is { } kinds ? [.. kinds.Select(CloudEvent.TypeOf)] : null,
            webhook.Filter.Conversations,
            webhook.Filter.Users is { } users ? [.. users.Select(user => user.ToString())] : null),
        webhook.Health.IsEnabled,
        webhook.CreatedAt,
        webhook.Secrets.PreviousUntil,
        webhook.Cursor,
        ToAnswer(webhook.Health));

    /// <summary>What became of an attempt.</summary>
    public static WebhookTestAnswer ToAnswer(WebhookAttempt attempt) => new(attempt.IsDelivered, attempt.Status, attempt.Failure);

    /// <summary>Why a webhook is disabled, in a word.</summary>
    public static string Word(WebhookEnd end) => end switch
    {
        WebhookEnd.Disabled => "disabled",
        WebhookEnd.Gone => "gone",
        WebhookEnd.Failing => "failing",
        _ => throw new ArgumentOutOfRangeException(nameof(end), end, "no such reason"),
    };

    private static WebhookHealthAnswer ToAnswer(WebhookHealth health) => new(
        health.FailedAttempts, health.FailingSince, health.NextAttemptAt, health.LastAttemptAt, health.LastStatus, health.LastFailure, health.LastDeliveredAt,
        health.SkippedAt, health.EndedAt, health.End is { } end ? Word(end) : null);

    private static ImmutableArray<T>? Each<T>(ImmutableArray<string>? texts, string field, int most, Func<string, string, T> parse) =>
        texts is not { } given ? null
        : given.Length is 0 || given.Length > most ? throw new InvalidInputException(field, $"must name 1 to {most}, or be left out for all; it names {given.Length}")
        : [.. given.Select((text, i) => parse(text, $"{field}[{i}]")).Distinct()];

    private static UserEventKind Kind(string type, string field) => CloudEvent.Types.IndexOf(type) is >= 0 and var place
        ? Enum.GetValues<UserEventKind>()[place]
        : throw new InvalidInputException(field, $"must be one of {string.Join(", ", CloudEvent.Types)}");
}
