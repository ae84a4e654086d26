using Azure.Data.Tables;
using Presence.Core.Concurrency;
using Presence.Core.Domain;

namespace Presence.Core.TableStorage;

/// <summary>Rows of rosters as an older version kept them: in the shard of the user, keyed by conversation and user.</summary>
internal static class OldRosterRows
{
    /// <summary>Those of a conversation, in all shards.</summary>
    public static IAsyncEnumerable<TableEntity> OfAsync(PresenceTable table, string conversationId, CancellationToken cancellationToken) => Merged.ReadAsync(
        table.Shards.Select(shard => table.QueryAsync(
            RowFilter.Prefixed(TableKeys.Partition(shard), TableKeys.RosterPrefix + conversationId + TableKeys.Separator), select: null, cancellationToken)),
        cancellationToken);

    /// <summary>The same as a row of its conversation. What an older version told rosters, it told them with the version of the news.</summary>
    public static TableEntity Moved(TableEntity old)
    {
        var parts = old.RowKey[TableKeys.RosterPrefix.Length..].Split(TableKeys.Separator);
        var user = PresenceKey.Parse(KeyEscape.Unescape(parts[1]));
        var view = old.ToView(user);
        return view.ToRosterEntity(TableKeys.Conversation(ConversationId.Parse(parts[0])), TableKeys.Roster(user, view.Version));
    }
}
