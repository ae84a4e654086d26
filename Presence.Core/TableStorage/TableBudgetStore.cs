using Azure.Data.Tables;
using Presence.Core.Costs;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>The row of the budget.</summary>
internal sealed class TableBudgetStore(SharedRow row) : IBudgetStore
{
    private const string RowKey = "budget";
    private const string Column = "Budget";

    public async Task<StoredBudget?> FindAsync(CancellationToken cancellationToken) =>
        await row.FindAsync(RowKey, kept => BudgetRecord.FromJson(kept.GetString(Column)!), cancellationToken) is var (tag, record)
            ? new(record, tag)
            : null;

    public Task<bool> TryKeepAsync(BudgetRecord record, string? tag, CancellationToken cancellationToken) =>
        row.TryKeepAsync(new TableEntity(TableKeys.MetaPartition, RowKey) { [Column] = record.ToJson() }, tag, cancellationToken);
}
