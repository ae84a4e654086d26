using System.Collections.Immutable;
using Azure;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>
/// The rows of events. Each says when the one before it of the same user was sent, and the records of the user say it of the last: so all are
/// found without looking at those of others. That of an erasure says it until they are removed, and then that there is nothing.
/// </summary>
internal static class EventRows
{
    /// <summary>In place of the moment at which the one before was sent, where there is none, or none any more.</summary>
    public const long NothingBefore = 0;

    private const string Kind = nameof(UserEvent.Kind);
    private const string At = nameof(UserEvent.At);

    /// <summary>By it those of somebody of whom there is no record are found.</summary>
    private const string User = nameof(UserEvent.User);
    private const string PreviousAt = "PreviousAt";
    private const string Joined = nameof(UserEvent.Joined);
    private const string Left = nameof(UserEvent.Left);

    /// <summary>The row of an event.</summary>
    /// <param name="told">The event.</param>
    /// <param name="partition">That of its user.</param>
    /// <param name="sentAt">When it is sent.</param>
    /// <param name="previousAt">When the one before it of the same user was; null where there was none.</param>
    public static TableEntity ToEntity(this UserEvent told, string partition, DateTimeOffset sentAt, DateTimeOffset? previousAt)
    {
        var rowKey = TableKeys.Event(told.User, sentAt);
        var row = told.View?.ToRosterEntity(partition, rowKey) ?? new(partition, rowKey);
        row[Kind] = told.Kind.ToString();
        row[At] = told.At;
        row[User] = told.User.ToString();
        row[PreviousAt] = previousAt?.UtcTicks;
        row[nameof(UserEvent.Version)] = told.Version;
        row[nameof(UserEvent.Conversations)] = ToText(told.Conversations);
        row[Joined] = ToText(told.Joined);
        row[Left] = ToText(told.Left);
        row[nameof(PresenceView.LastSeen)] = told.View?.LastSeen?.ToString();
        return row;
    }

    public static StoredEvent ToStoredEvent(this TableEntity row)
    {
        var (position, user) = TableKeys.OfEvent(row.RowKey);
        return new(
            position,
            new(Enum.Parse<UserEventKind>(row.GetString(Kind)), user, row.GetInt64(nameof(UserEvent.Version))!.Value, row.GetDateTimeOffset(At)!.Value)
            {
                View = row.ContainsKey(nameof(PresenceView.Status)) ? row.ToView(user) with { LastSeen = ToLastSeen(row) } : null,
                Conversations = ToConversations(row, nameof(UserEvent.Conversations)),
                Joined = ToConversations(row, Joined),
                Left = ToConversations(row, Left),
            });
    }

    /// <summary>Whether a row tells of an erasure.</summary>
    public static bool IsOfErasure(this TableEntity row) => row[Kind] is nameof(UserEventKind.Erased);

    /// <summary>
    /// When the event before this one of the same user was sent, in ticks, or <see cref="NothingBefore"/>. Null where nobody knows: an erasure of a user whose
    /// records, of an older version, did not say, or of whom there were none.
    /// </summary>
    public static long? ToLink(this TableEntity row) => row.GetInt64(PreviousAt) ?? (row.IsOfErasure() ? null : NothingBefore);

    /// <summary>Makes a row say that the one before it is another one.</summary>
    public static TableTransactionAction Linked(this TableEntity row, long link) => new(
        TableTransactionActionType.UpdateMerge, new TableEntity(row.PartitionKey, row.RowKey) { [PreviousAt] = link }, ETag.All);

    private static LastSeen? ToLastSeen(TableEntity row) =>
        row.GetString(nameof(PresenceView.LastSeen)) is { Length: > 0 } name && Enum.TryParse<LastSeen>(name, out var lastSeen) ? lastSeen : null;

    private static string? ToText(ImmutableArray<string> conversations) =>
        conversations.IsEmpty ? null : string.Join(TableKeys.Separator, conversations);

    private static ImmutableArray<string> ToConversations(TableEntity row, string column) =>
        row.GetString(column) is { Length: > 0 } text ? [.. text.Split(TableKeys.Separator)] : [];
}
