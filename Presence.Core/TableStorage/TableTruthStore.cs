using Azure.Data.Tables;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>Samples of users, and the row of what became of their checks.</summary>
internal sealed class TableTruthStore(PresenceTable table, RowReader rows, SharedRow shared) : ITruthStore
{
    private const string RowKey = "truth";
    private const string Column = "Truth";

    public int ShardCount => table.ShardCount;

    public async Task<UserSample> SampleAsync(int shard, bool isHere, SamplePlace? from, int most, CancellationToken cancellationToken)
    {
        var prefix = isHere ? TableKeys.OnlinePrefix : TableKeys.ProfilePrefix;
        var filter = TablePresenceStore.Range(shard, prefix);
        if (from is { } place)
        {
            var key = prefix + KeyEscape.Escape(place.Id);
            filter = place.IsIncluded ? filter.And($"RowKey ge {key}") : filter.And($"RowKey gt {key}");
        }

        var page = await table.FirstPageAsync(isHere ? filter : UserEntities.OnlyNotHere(filter), most, cancellationToken);
        Func<TableEntity, StoredUser> read = isHere ? TablePresenceStore.ToOnline : TablePresenceStore.ToOffline;
        List<StoredUser> users = [];
        foreach (var row in page.Values)
        {
            if (rows.TryRead(row, read, out var user))
            {
                users.Add(user);
            }
        }

        return new(users, IsLast: string.IsNullOrEmpty(page.ContinuationToken) && page.Values.Count < most);
    }

    public async Task<StoredTruth?> FindAsync(CancellationToken cancellationToken) =>
        await shared.FindAsync(RowKey, kept => TruthRecord.FromJson(kept.GetString(Column)!), cancellationToken) is var (tag, record)
            ? new(record, tag)
            : null;

    public Task<bool> TryKeepAsync(TruthRecord record, string? tag, CancellationToken cancellationToken) =>
        shared.TryKeepAsync(new TableEntity(TableKeys.MetaPartition, RowKey) { [Column] = record.ToJson() }, tag, cancellationToken);
}
