using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>The rosters in Table Storage, each in a partition of its own.</summary>
internal sealed class TableRosters
{
    private readonly PresenceTable _table;
    private readonly RowReader _rows;
    private readonly ConversationRosters _rosters;

    public TableRosters(PresenceTable table, RowReader rows, TimeProvider time)
    {
        (_table, _rows) = (table, rows);
        _rosters = new((actions, token) => table.TrySubmitAsync(actions, token), QueryAsync, rows, () => table.IsKnownToHaveRostersByConversation, time);
    }

    public Task WriteAsync(string conversationId, IReadOnlyCollection<RosterEntry> entries, CancellationToken cancellationToken) =>
        _rosters.WriteAsync(conversationId, entries, cancellationToken);

    public async IAsyncEnumerable<RosterMember> ReadAsync(string conversationId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var user in await _rosters.ReadAsync(conversationId, cancellationToken))
        {
            if (user.Member is var (member, row) && _rows.TryRead(row, entity => entity.ToView(member), out var view))
            {
                yield return new(view, row.Timestamp ?? default);
            }
        }
    }

    /// <summary>The rows that name a user in a conversation, true or not any more.</summary>
    public async Task<IReadOnlyList<TableEntity>> RowsAsync(PresenceKey user, string conversationId, CancellationToken cancellationToken) =>
        await _table.QueryAsync(RowFilter.Prefixed(TableKeys.Conversation(conversationId), TableKeys.OfRosters(user)), select: null, cancellationToken)
            .ToListAsync(cancellationToken);

    /// <summary>The conversations whose rosters name a user, true or not any more, in ordinal order. Looks through all rosters.</summary>
    public async Task<IReadOnlyList<string>> ConversationsAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        var prefix = TableKeys.OfRosters(user);
        var everywhere = Everything + TableClient.CreateQueryFilter($" and RowKey ge {prefix} and RowKey lt {TableKeys.After(prefix)}");
        return await _table.QueryEverywhereAsync(everywhere, KeysOnly, cancellationToken)
            .Select(row => row.PartitionKey[TableKeys.ConversationPrefix.Length..])
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToListAsync(cancellationToken);
    }

    public async Task SetBlockerAsync(string conversationId, PresenceKey user, bool holds, CancellationToken cancellationToken)
    {
        var row = new TableEntity(TableKeys.Conversation(conversationId), TableKeys.Blocker(user));
        await _table.PromptAsync(
            row.PartitionKey,
            (client, token) => holds
                ? client.UpsertEntityAsync(row, TableUpdateMode.Replace, token)
                : client.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, token),
            cancellationToken);
    }

    public async Task<List<PresenceKey>> BlockersAsync(string conversationId, CancellationToken cancellationToken)
    {
        List<PresenceKey> blockers = [];
        var filter = RowFilter.Prefixed(TableKeys.Conversation(conversationId), TableKeys.BlockerPrefix);
        await foreach (var entity in _table.QueryAsync(filter, KeysOnly, cancellationToken))
        {
            if (_rows.TryRead(entity, row => TableKeys.UserOf(row.RowKey, TableKeys.BlockerPrefix), out var user))
            {
                blockers.Add(user);
            }
        }

        return blockers;
    }

    /// <summary>Removes rows of one conversation; one that is gone is no error.</summary>
    public Task RemoveAsync(IEnumerable<TableEntity> rows, CancellationToken cancellationToken) => _rosters.RemoveAsync(rows, cancellationToken);

    /// <summary>Removes what says nothing any more from all rosters, one after the other: whoever writes meanwhile is in nobody's way.</summary>
    /// <returns>How many rows.</returns>
    public async Task<int> CleanAsync(CancellationToken cancellationToken)
    {
        var (cleaned, partition) = (0, new List<TableEntity>());
        await foreach (var row in _table.QueryEverywhereAsync(Everything, select: null, cancellationToken))
        {
            if (partition is [var first, ..] && first.PartitionKey != row.PartitionKey)
            {
                cleaned += await _rosters.CleanAsync(partition, cancellationToken);
                partition.Clear();
            }

            partition.Add(row);
        }

        return cleaned + (partition.Count == 0 ? 0 : await _rosters.CleanAsync(partition, cancellationToken));
    }

    private static string[] KeysOnly { get; } = [nameof(ITableEntity.PartitionKey), nameof(ITableEntity.RowKey)];

    private static string Everything { get; } = TableClient.CreateQueryFilter(
        $"PartitionKey ge {TableKeys.ConversationPrefix} and PartitionKey lt {TableKeys.After(TableKeys.ConversationPrefix)} and RowKey ge {TableKeys.RosterPrefix} and RowKey lt {TableKeys.After(TableKeys.GonePrefix)}");

    private async IAsyncEnumerable<TableEntity> QueryAsync(string partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await _table.HasRostersByConversationAsync(cancellationToken))
        {
            // Before the others: a row is written there before it is removed here.
            await foreach (var row in OldRosterRows.OfAsync(_table, partition[TableKeys.ConversationPrefix.Length..], cancellationToken))
            {
                if (_rows.TryRead(row, OldRosterRows.Moved, out var moved))
                {
                    moved.Timestamp = row.Timestamp;
                    yield return moved;
                }
            }
        }

        var filter = RowFilter.Between(partition, TableKeys.RosterPrefix, TableKeys.After(TableKeys.GonePrefix));
        await foreach (var row in _table.QueryAsync(filter, select: null, cancellationToken))
        {
            yield return row;
        }
    }
}
