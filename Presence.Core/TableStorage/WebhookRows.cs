using System.Collections.Immutable;
using Azure.Data.Tables;
using Presence.Core.Domain;

namespace Presence.Core.TableStorage;

/// <summary>The rows of webhooks. What an older version has not written is read as not said.</summary>
internal static class WebhookRows
{
    private const string Kinds = nameof(WebhookFilter.Kinds);
    private const string Conversations = nameof(WebhookFilter.Conversations);
    private const string Users = nameof(WebhookFilter.Users);
    private const string Secret = "Secret";

    /// <summary>Those before it, the latest first. An older version knows the first alone.</summary>
    private static readonly (string Secret, string Until)[] PreviousSecrets = [("PreviousSecret", "PreviousUntil"), ("OldestSecret", "OldestUntil")];

    public static TableEntity ToEntity(Webhook webhook)
    {
        var health = webhook.Health;
        var row = new TableEntity(TableKeys.MetaPartition, TableKeys.Webhook(webhook.Id))
        {
            [nameof(Webhook.Url)] = webhook.Url.AbsoluteUri,
            [nameof(Webhook.Description)] = webhook.Description,
            [Kinds] = Joined(webhook.Filter.Kinds?.Select(kind => kind.ToString())),
            [Conversations] = Joined(webhook.Filter.Conversations),
            [Users] = Joined(webhook.Filter.Users?.Select(user => KeyEscape.Escape(user.ToString()))),
            [Secret] = webhook.Secrets.Current.ToArray(),
            [nameof(Webhook.Cursor)] = webhook.Cursor,
            [nameof(Webhook.MovedAt)] = webhook.MovedAt,
            [nameof(Webhook.CreatedAt)] = webhook.CreatedAt,
            [nameof(WebhookHealth.FailedAttempts)] = health.FailedAttempts,
            [nameof(WebhookHealth.FailingSince)] = health.FailingSince,
            [nameof(WebhookHealth.NextAttemptAt)] = health.NextAttemptAt,
            [nameof(WebhookHealth.LastAttemptAt)] = health.LastAttemptAt,
            [nameof(WebhookHealth.LastStatus)] = health.LastStatus,
            [nameof(WebhookHealth.LastFailure)] = health.LastFailure,
            [nameof(WebhookHealth.LastDeliveredAt)] = health.LastDeliveredAt,
            [nameof(WebhookHealth.SkippedAt)] = health.SkippedAt,
            [nameof(WebhookHealth.EndedAt)] = health.EndedAt,
            [nameof(WebhookHealth.End)] = health.End?.ToString(),
        };
        foreach (var (columns, previous) in PreviousSecrets.Zip(webhook.Secrets.Previous))
        {
            (row[columns.Secret], row[columns.Until]) = (previous.Secret.ToArray(), previous.Until);
        }

        return row;
    }

    public static Webhook ToWebhook(TableEntity row) => new()
    {
        Id = row.RowKey[TableKeys.WebhookPrefix.Length..],
        Url = new(row.GetString(nameof(Webhook.Url))),
        Description = row.GetString(nameof(Webhook.Description)),
        Filter = new(
            Parts(row, Kinds) is { } kinds ? [.. kinds.Select(KindOf).OfType<UserEventKind>()] : null,
            Parts(row, Conversations),
            Parts(row, Users) is { } users ? [.. users.Select(id => PresenceKey.Parse(KeyEscape.Unescape(id)))] : null),
        Secrets = new([.. row.GetBinary(Secret)], [.. PreviousSecrets.Select(columns => PreviousOf(row, columns)).OfType<PreviousSecret>()]),
        Cursor = row.GetString(nameof(Webhook.Cursor)),
        MovedAt = row.GetDateTimeOffset(nameof(Webhook.MovedAt))!.Value,
        CreatedAt = row.GetDateTimeOffset(nameof(Webhook.CreatedAt))!.Value,
        Health = new()
        {
            FailedAttempts = row.GetInt32(nameof(WebhookHealth.FailedAttempts)) ?? 0,
            FailingSince = row.GetDateTimeOffset(nameof(WebhookHealth.FailingSince)),
            NextAttemptAt = row.GetDateTimeOffset(nameof(WebhookHealth.NextAttemptAt)),
            LastAttemptAt = row.GetDateTimeOffset(nameof(WebhookHealth.LastAttemptAt)),
            LastStatus = row.GetInt32(nameof(WebhookHealth.LastStatus)),
            LastFailure = row.GetString(nameof(WebhookHealth.LastFailure)),
            LastDeliveredAt = row.GetDateTimeOffset(nameof(WebhookHealth.LastDeliveredAt)),
            SkippedAt = row.GetDateTimeOffset(nameof(WebhookHealth.SkippedAt)),
            EndedAt = row.GetDateTimeOffset(nameof(WebhookHealth.EndedAt)),

            // A reason of a newer version: that it is disabled is what counts.
            End = row.GetString(nameof(WebhookHealth.End)) is { } end ? Enum.TryParse<WebhookEnd>(end, out var known) ? known : WebhookEnd.Disabled : null,
        },
    };

    private static PreviousSecret? PreviousOf(TableEntity row, (string Secret, string Until) columns) =>
        row.GetBinary(columns.Secret) is { } secret && row.GetDateTimeOffset(columns.Until) is { } until ? new([.. secret], until) : null;

    /// <summary>Null for a kind of a newer version, of which this one has no events.</summary>
    private static UserEventKind? KindOf(string name) => Enum.TryParse<UserEventKind>(name, out var kind) ? kind : null;

    /// <summary>Null is everything, and nothing at all is nothing: the two are told apart by the property being there.</summary>
    private static string? Joined(IEnumerable<string>? parts) => parts is null ? null : string.Join(TableKeys.Separator, parts);

    private static ImmutableArray<string>? Parts(TableEntity row, string property) =>
        row.GetString(property) is { } text ? text.Length == 0 ? [] : [.. text.Split(TableKeys.Separator)] : null;
}
