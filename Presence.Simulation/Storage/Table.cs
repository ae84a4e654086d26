using Azure;
using Azure.Data.Tables;

namespace Presence.Simulation.Storage;

/// <summary>
/// A table as the service keeps it: rows with ETags, and transactions over one partition that are applied as a whole or not at all. Each
/// request is one step.
/// </summary>
internal sealed class Table
{
    private const int MostActions = 100;

    private readonly Dictionary<string, Dictionary<string, Row>> _partitions = new(StringComparer.Ordinal);
    private long _order;

    /// <summary>A row, or null.</summary>
    public TableEntity? Find(string partition, string rowKey) =>
        _partitions.TryGetValue(partition, out var rows) && rows.TryGetValue(rowKey, out var row) ? row.Entity : null;

    /// <summary>The rows whose keys begin so, in the order in which they came: keys hold random ids.</summary>
    public IReadOnlyList<TableEntity> Query(string partition, string prefix) => _partitions.TryGetValue(partition, out var rows)
        ? [.. rows.Where(r => r.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(r => r.Value.Order).Select(r => r.Value.Entity)]
        : [];

    /// <summary>All rows.</summary>
    public IEnumerable<TableEntity> All => _partitions.OrderBy(p => p.Key, StringComparer.Ordinal)
        .SelectMany(p => p.Value.Values.OrderBy(r => r.Order).Select(r => r.Entity));

    /// <summary>Applies a transaction. Null if that was possible; else the action that was not, and why.</summary>
    public (int Index, int Status)? TrySubmit(string partition, IReadOnlyList<TableTransactionAction> actions)
    {
        if (actions.Count is 0 or > MostActions
            || actions.Any(a => a.Entity.PartitionKey != partition)
            || actions.DistinctBy(a => a.Entity.RowKey).Count() != actions.Count)
        {
            throw new InvalidOperationException("The service refuses such a transaction.");
        }

        if (!_partitions.TryGetValue(partition, out var rows))
        {
            _partitions[partition] = rows = new(StringComparer.Ordinal);
        }

        for (var i = 0; i < actions.Count; i++)
        {
            if (Refusal(rows, actions[i]) is { } status)
            {
                return (i, status);
            }
        }

        foreach (var action in actions)
        {
            Apply(rows, action);
        }

        return null;
    }

    private static int? Refusal(Dictionary<string, Row> rows, TableTransactionAction action)
    {
        var row = rows.GetValueOrDefault(action.Entity.RowKey);
        return action.ActionType switch
        {
            TableTransactionActionType.UpsertReplace or TableTransactionActionType.UpsertMerge => null,
            TableTransactionActionType.Add => row is null ? null : 409,
            TableTransactionActionType.UpdateReplace or TableTransactionActionType.UpdateMerge or TableTransactionActionType.Delete =>
                row is null ? 404
                : action.ETag == ETag.All || action.ETag == row.Entity.ETag ? null
                : 412,
            var other => throw new NotSupportedException($"{other}"),
        };
    }

    private void Apply(Dictionary<string, Row> rows, TableTransactionAction action)
    {
        if (action.ActionType == TableTransactionActionType.Delete)
        {
            rows.Remove(action.Entity.RowKey);
            return;
        }

        var entity = (TableEntity)action.Entity;
        if (action.ActionType is TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge && rows.TryGetValue(entity.RowKey, out var row))
        {
            var merged = new TableEntity(row.Entity);
            foreach (var (name, value) in entity.Where(column => column.Value is not null))
            {
                merged[name] = value;
            }

            entity = merged;
        }

        // The service keeps no column without a value: whether there is one says something.
        entity = new TableEntity(entity.Where(column => column.Value is not null).ToDictionary(StringComparer.Ordinal))
        {
            PartitionKey = entity.PartitionKey,
            RowKey = entity.RowKey,
            ETag = new ETag($"e{++_order}"),
        };
        rows[entity.RowKey] = new(entity, rows.TryGetValue(entity.RowKey, out var before) ? before.Order : _order);
    }

    private sealed record Row(TableEntity Entity, long Order);
}
