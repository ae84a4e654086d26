using System.Collections.Immutable;
using System.Text;
using Azure;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>
/// The rows of connections that watch: whom they watch. They lie in the shard of their user, and come and go in the transactions that say in
/// its records that such a connection opens or closes.
/// </summary>
internal static class WatchRows
{
    /// <summary>The most that one transaction removes, beside what else it does. A user of more such connections leaves some to the clean-up.</summary>
    private const int MostRemoved = 80;

    /// <summary>The most characters of one property: it takes 32,000.</summary>
    private const int LongestPart = 30_000;

    private const string Part = "Ids";

    /// <summary>What a change of the records means for these rows.</summary>
    public static IEnumerable<TableTransactionAction> Following(StoredUser before, UserRecords after, StoredDuty? owed, string partition)
    {
        var user = before.User;
        var (was, now) = (before.Records.Connections.Watching, after.Connections.Watching);
        foreach (var ended in was.Except(now).Take(MostRemoved))
        {
            yield return new(TableTransactionActionType.Delete, new TableEntity(partition, TableKeys.Watches(user, ended)), ETag.All);
        }

        foreach (var begun in now.Except(was))
        {
            var key = TableKeys.Watches(user, begun);
            yield return owed?.Duty is { IsWelcome: true } welcome && welcome.Connections.Contains(begun)
                ? new(TableTransactionActionType.UpsertReplace, ToEntity(partition, key, welcome.Watched))

                // An instance of an older version may have dropped that the connection watches, and left its list: what that names is kept.
                : new(TableTransactionActionType.UpsertMerge, new TableEntity(partition, key));
        }
    }

    /// <summary>Whether an action removes such a row: one that is gone already is no reason to refuse the others.</summary>
    public static bool IsRemoval(TableTransactionAction action) =>
        action.ActionType == TableTransactionActionType.Delete && action.Entity.RowKey.StartsWith(TableKeys.WatchPrefix, StringComparison.Ordinal);

    /// <summary>A row, its ids in as many properties as they need.</summary>
    public static TableEntity ToEntity(string partition, string rowKey, ImmutableArray<PresenceKey> users)
    {
        // Cut before an id: in the middle of one could be in the middle of a character, half of which is none.
        var parts = new List<StringBuilder>();
        foreach (var id in users.Select(user => KeyEscape.Escape(user.ToString())))
        {
            var divided = parts.Count == 0 ? id : TableKeys.Separator + id;
            if (parts.Count == 0 || parts[^1].Length + divided.Length > LongestPart)
            {
                parts.Add(new());
            }

            parts[^1].Append(divided);
        }

        var row = new TableEntity(partition, rowKey);
        foreach (var (part, text) in parts.Index())
        {
            row[$"{Part}{part}"] = text.ToString();
        }

        return row;
    }

    /// <summary>Whom a row names.</summary>
    public static ImmutableArray<PresenceKey> ToUsers(this TableEntity row)
    {
        var text = string.Concat(Enumerable.Range(0, row.Count).Select(part => row.GetString($"{Part}{part}")).TakeWhile(part => part is not null));
        return text.Length == 0 ? [] : [.. text.Split(TableKeys.Separator).Select(id => PresenceKey.Parse(KeyEscape.Unescape(id)))];
    }
}
