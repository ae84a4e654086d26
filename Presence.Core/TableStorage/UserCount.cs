using Azure.Data.Tables;
using Presence.Core.Domain;

namespace Presence.Core.TableStorage;

/// <summary>
/// How registered users are counted: by a row each, made in the transaction that first brings them online, until the clean-up adds it to
/// the total of its shard.
/// </summary>
internal static class UserCount
{
    public const string Total = "Total";

    /// <summary>Lies in the range of the counted users; no escaped user key contains the separator.</summary>
    public static string TotalRow { get; } = $"{TableKeys.CountPrefix}{TableKeys.Separator}total";

    /// <summary>Whether the user with these records is counted: one who was ever online.</summary>
    public static bool Includes(PresenceKey user, UserRecords records) => !user.IsAnonymous && records.ViewOf(user).Version > 0;

    /// <summary>Counts one more.</summary>
    public static TableTransactionAction Add(string partition, PresenceKey user) =>
        new(TableTransactionActionType.UpsertReplace, new TableEntity(partition, TableKeys.Count(user)));

    /// <summary>
    /// Counts one less, by the rows as just read: the user's own while it has not been added up, the total otherwise. Whoever adds up in
    /// between makes the transaction fail.
    /// </summary>
    public static IEnumerable<TableTransactionAction> Remove(TableEntity? own, TableEntity? total) => (own, total) switch
    {
        ({ } row, _) => [new(TableTransactionActionType.Delete, row, row.ETag)],
        (_, { } row) when row.GetInt64(Total) is > 0 and var count =>
            [new(TableTransactionActionType.UpdateReplace, new TableEntity(row.PartitionKey, row.RowKey) { [Total] = count - 1 }, row.ETag)],
        _ => [],
    };
}
