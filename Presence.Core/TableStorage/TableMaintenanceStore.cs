using Azure;
using Azure.Data.Tables;
using Presence.Core.Metrics;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>The shared rows: last sweep, reports of instances, user counters.</summary>
internal sealed class TableMaintenanceStore(PresenceTable table) : IMaintenanceStore
{
    private const string SweepRow = "sweep";
    private const string CensusRow = "census";
    private const string BaselineRow = "baseline";
    private const string ReportPrefix = "in:";

    /// <summary>Sorts and reads like an instance, but is the sum of those retired. No instance id is called so.</summary>
    private const string Retired = "retired";

    private const int MostActions = 100;

    /// <summary>Merged, so that a sweep that did not come through leaves standing when the last one did.</summary>
    public Task KeepLastSweepAsync(SweepReport report, CancellationToken cancellationToken)
    {
        var row = new TableEntity(TableKeys.MetaPartition, SweepRow)
        {
            [nameof(LastSweep.StartedAt)] = report.StartedAt,
            [nameof(LastSweep.DurationMs)] = Math.Round(report.Duration.TotalMilliseconds, 1),
            [nameof(LastSweep.Due)] = report.Due,
            [nameof(LastSweep.Transitions)] = report.Transitions,
            [nameof(LastSweep.FailedShards)] = report.FailedShards,
        };
        if (report.FailedShards == 0)
        {
            row[nameof(LastSweep.CompletedAt)] = report.StartedAt;
        }

        return table.PatientlyAsync(client => client.UpsertEntityAsync(row, TableUpdateMode.Merge, cancellationToken), cancellationToken);
    }

    public async Task<LastSweep?> FindLastSweepAsync(CancellationToken cancellationToken) =>
        await FindAsync(TableKeys.MetaPartition, SweepRow, cancellationToken) is { } row
            ? new LastSweep(
                row.GetDateTimeOffset(nameof(LastSweep.StartedAt))!.Value,
                row.GetDouble(nameof(LastSweep.DurationMs))!.Value,
                row.GetInt32(nameof(LastSweep.Due))!.Value,
                row.GetInt32(nameof(LastSweep.Transitions))!.Value,
                row.GetInt32(nameof(LastSweep.FailedShards))!.Value,
                row.GetDateTimeOffset(nameof(LastSweep.CompletedAt)))
            : null;

    public Task KeepCensusAsync(Census census, CancellationToken cancellationToken) =>
        UpsertAsync(
            new TableEntity(TableKeys.MetaPartition, CensusRow)
            {
                [nameof(Census.TakenAt)] = census.TakenAt,
                [nameof(Census.Online)] = census.Online,
                [nameof(Census.Away)] = census.Away,
                [nameof(Census.OnlineAnonymous)] = census.OnlineAnonymous,
                [nameof(Census.AwayAnonymous)] = census.AwayAnonymous,
            },
            cancellationToken);

    public async Task<Census?> FindCensusAsync(CancellationToken cancellationToken) =>
        await FindAsync(TableKeys.MetaPartition, CensusRow, cancellationToken) is { } row
            ? new Census(
                row.GetDateTimeOffset(nameof(Census.TakenAt))!.Value,
                row.GetInt64(nameof(Census.Online))!.Value,
                row.GetInt64(nameof(Census.Away))!.Value,
                row.GetInt64(nameof(Census.OnlineAnonymous))!.Value,
                row.GetInt64(nameof(Census.AwayAnonymous))!.Value)
            : null;

    public Task<bool> TryReportAsync(InstanceReport report, bool isFirst, CancellationToken cancellationToken)
    {
        var entity = ToEntity(report);
        return table.PatientlyAsync(
            async client =>
            {
                if (isFirst)
                {
                    await client.UpsertEntityAsync(entity, TableUpdateMode.Replace, cancellationToken);
                    return true;
                }

                try
                {
                    await client.UpdateEntityAsync(entity, ETag.All, TableUpdateMode.Replace, cancellationToken);
                    return true;
                }
                catch (RequestFailedException e) when (e.IsMissingRow())
                {
                    return false;
                }
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<InstanceReport>> ListReportsAsync(CancellationToken cancellationToken) =>
        await QueryReportsAsync(cancellationToken).Select(ToReport).ToListAsync(cancellationToken);

    public async Task RetireReportsAsync(DateTimeOffset silentSince, CancellationToken cancellationToken)
    {
        var rows = await QueryReportsAsync(cancellationToken).ToListAsync(cancellationToken);
        var retired = rows.Find(r => r.RowKey == ReportPrefix + Retired);
        foreach (var silent in rows.Where(r => r != retired && ToReport(r).ReportedAt < silentSince).Chunk(MostActions - 1))
        {
            var totals = silent.Append(retired).OfType<TableEntity>().Aggregate(MetricTotals.None, (all, row) => all + ToReport(row).Totals);
            var sum = ToEntity(new InstanceReport(Retired, totals.WithoutGauges(), silentSince));
            if (!await TrySubmitAsync(Change(sum, retired), silent, cancellationToken))
            {
                return;
            }

            retired = await FindAsync(sum.PartitionKey, sum.RowKey, cancellationToken);
        }
    }

    public async Task<ActivityCounts> FindBaselineAsync(CancellationToken cancellationToken) =>
        await FindAsync(TableKeys.MetaPartition, BaselineRow, cancellationToken) is { } row ? ToCounts(row) : default;

    public Task KeepBaselineAsync(ActivityCounts counts, CancellationToken cancellationToken) =>
        UpsertAsync(With(new TableEntity(TableKeys.MetaPartition, BaselineRow), counts), cancellationToken);

    public async Task<long> CountUsersAsync(CancellationToken cancellationToken) =>
        (await Task.WhenAll(table.Shards.Select(shard => CountUsersAsync(shard, cancellationToken)))).Sum();

    public async Task AddUpUsersAsync(CancellationToken cancellationToken)
    {
        foreach (var shard in table.Shards)
        {
            await AddUpUsersAsync(shard, cancellationToken);
        }
    }

    private async Task<long> CountUsersAsync(int shard, CancellationToken cancellationToken) =>
        await QueryCountAsync(shard, cancellationToken)
            .Select(row => row.RowKey == UserCount.TotalRow ? row.GetInt64(UserCount.Total)!.Value : 1)
            .SumAsync(cancellationToken);

    private async Task AddUpUsersAsync(int shard, CancellationToken cancellationToken)
    {
        var rows = await QueryCountAsync(shard, cancellationToken).ToListAsync(cancellationToken);
        var total = rows.Find(r => r.RowKey == UserCount.TotalRow);
        foreach (var counted in rows.Where(r => r != total).Chunk(MostActions - 1))
        {
            var sum = new TableEntity(TableKeys.Partition(shard), UserCount.TotalRow)
            {
                [UserCount.Total] = (total?.GetInt64(UserCount.Total) ?? 0) + counted.Length,
            };
            if (!await TrySubmitAsync(Change(sum, total), counted, cancellationToken))
            {
                return;
            }

            total = await FindAsync(sum.PartitionKey, UserCount.TotalRow, cancellationToken);
        }
    }

    private static TableTransactionAction Change(TableEntity sum, TableEntity? existing) => existing is null
        ? new(TableTransactionActionType.Add, sum)
        : new(TableTransactionActionType.UpdateReplace, sum, existing.ETag);

    /// <summary>False if somebody else is adding up at the same time: then that is done.</summary>
    private Task<bool> TrySubmitAsync(TableTransactionAction sum, IEnumerable<TableEntity> added, CancellationToken cancellationToken) =>
        table.PatientlyAsync(
            async client =>
            {
                try
                {
                    await client.SubmitTransactionAsync(
                        [sum, .. added.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, row.ETag))],
                        cancellationToken);
                    return true;
                }
                catch (RequestFailedException e) when (e.IsConflict())
                {
                    return false;
                }
            },
            cancellationToken);

    private IAsyncEnumerable<TableEntity> QueryReportsAsync(CancellationToken cancellationToken) => table.QueryAsync(
        TableClient.CreateQueryFilter(
            $"PartitionKey eq {TableKeys.MetaPartition} and RowKey ge {ReportPrefix} and RowKey lt {TableKeys.After(ReportPrefix)}"),
        select: null,
        cancellationToken);

    private IAsyncEnumerable<TableEntity> QueryCountAsync(int shard, CancellationToken cancellationToken) =>
        table.QueryAsync(TablePresenceStore.Range(shard, TableKeys.CountPrefix), select: null, cancellationToken);

    private async Task<TableEntity?> FindAsync(string partition, string row, CancellationToken cancellationToken) =>
        await table.PatientlyAsync(
            async client =>
            {
                var found = await client.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellationToken);
                return found.HasValue ? found.Value : null;
            },
            cancellationToken);

    private Task<Response> UpsertAsync(TableEntity entity, CancellationToken cancellationToken) =>
        table.PatientlyAsync(client => client.UpsertEntityAsync(entity, TableUpdateMode.Replace, cancellationToken), cancellationToken);

    private static TableEntity ToEntity(InstanceReport report) => new(TableKeys.MetaPartition, ReportPrefix + report.InstanceId)
    {
        [nameof(InstanceReport.Totals)] = report.Totals.ToJson(),
        [nameof(InstanceReport.ReportedAt)] = report.ReportedAt,
    };

    private static InstanceReport ToReport(TableEntity row) => new(
        row.RowKey[ReportPrefix.Length..],
        MetricTotals.FromJson(row.GetString(nameof(InstanceReport.Totals))),
        row.GetDateTimeOffset(nameof(InstanceReport.ReportedAt))!.Value);

    private static TableEntity With(TableEntity entity, ActivityCounts counts)
    {
        entity[nameof(ActivityCounts.TotalRequests)] = counts.TotalRequests;
        entity[nameof(ActivityCounts.ThrottledRequests)] = counts.ThrottledRequests;
        entity[nameof(ActivityCounts.SuccessfulUpdates)] = counts.SuccessfulUpdates;
        entity[nameof(ActivityCounts.FailedUpdates)] = counts.FailedUpdates;
        return entity;
    }

    private static ActivityCounts ToCounts(TableEntity row) => new(
        row.GetInt64(nameof(ActivityCounts.TotalRequests))!.Value,
        row.GetInt64(nameof(ActivityCounts.ThrottledRequests))!.Value,
        row.GetInt64(nameof(ActivityCounts.SuccessfulUpdates))!.Value,
        row.GetInt64(nameof(ActivityCounts.FailedUpdates))!.Value);
}
