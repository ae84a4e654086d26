using Azure;
using Azure.Data.Tables;
using Presence.Core.Metrics;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>The shared rows: last sweep, reports of instances, user counters.</summary>
internal sealed class TableMaintenanceStore(PresenceTable table, RowReader rows) : IMaintenanceStore
{
    private const string SweepRow = "sweep";
    private const string CensusRow = "census";
    private const string BaselineRow = "baseline";

    /// <summary>Sorts and reads like an instance, but is the sum of those retired. No instance id is called so.</summary>
    private const string Retired = "retired";

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
            row[nameof(LastSweep.ResumedAt)] = report.ResumedAt;
        }

        return table.PatientlyAsync(
            row.PartitionKey, (client, token) => client.UpsertEntityAsync(row, TableUpdateMode.Merge, token), cancellationToken);
    }

    public async Task<LastSweep?> FindLastSweepAsync(CancellationToken cancellationToken) =>
        rows.ReadOrDefault(
            await table.FindPatientlyAsync(TableKeys.MetaPartition, SweepRow, cancellationToken),
            row => new LastSweep(
                row.GetDateTimeOffset(nameof(LastSweep.StartedAt))!.Value,
                row.GetDouble(nameof(LastSweep.DurationMs))!.Value,
                row.GetInt32(nameof(LastSweep.Due))!.Value,
                row.GetInt32(nameof(LastSweep.Transitions))!.Value,
                row.GetInt32(nameof(LastSweep.FailedShards))!.Value,
                row.GetDateTimeOffset(nameof(LastSweep.CompletedAt)),
                row.GetDateTimeOffset(nameof(LastSweep.ResumedAt))));

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
        rows.ReadOrDefault(
            await table.FindPatientlyAsync(TableKeys.MetaPartition, CensusRow, cancellationToken),
            row => new Census(
                row.GetDateTimeOffset(nameof(Census.TakenAt))!.Value,
                row.GetInt64(nameof(Census.Online))!.Value,
                row.GetInt64(nameof(Census.Away))!.Value,
                row.GetInt64(nameof(Census.OnlineAnonymous))!.Value,
                row.GetInt64(nameof(Census.AwayAnonymous))!.Value));

    public Task<bool> TryReportAsync(InstanceReport report, bool isFirst, CancellationToken cancellationToken)
    {
        var entity = ToEntity(report);
        return table.PatientlyAsync(
            entity.PartitionKey,
            async (client, token) =>
            {
                if (isFirst)
                {
                    await client.UpsertEntityAsync(entity, TableUpdateMode.Replace, token);
                    return true;
                }

                try
                {
                    await client.UpdateEntityAsync(entity, ETag.All, TableUpdateMode.Replace, token);
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
        [.. (await ReadReportsAsync(cancellationToken)).Select(read => read.Report)];

    public async Task RetireReportsAsync(DateTimeOffset silentSince, CancellationToken cancellationToken)
    {
        var reports = await ReadReportsAsync(cancellationToken);
        var retired = reports.Find(r => r.Report.InstanceId == Retired).Row;
        if (retired is null && await table.FindPatientlyAsync(TableKeys.MetaPartition, TableKeys.ReportPrefix + Retired, cancellationToken) is not null)
        {
            // There is a sum that cannot be read: what is added to nothing would replace it.
            return;
        }

        foreach (var silent in reports.Where(r => r.Report.InstanceId != Retired && r.Report.ReportedAt < silentSince).Chunk(RowRemoval.Most - 1))
        {
            var before = rows.ReadOrDefault(retired, ToReport)?.Totals ?? MetricTotals.None;
            var totals = silent.Aggregate(before, (all, read) => all + read.Report.Totals);
            var sum = ToEntity(new InstanceReport(Retired, totals.WithoutGauges(), silentSince));
            if (!await TrySubmitAsync(Change(sum, retired), silent.Select(read => read.Row), cancellationToken))
            {
                return;
            }

            retired = await table.FindPatientlyAsync(sum.PartitionKey, sum.RowKey, cancellationToken);
        }
    }

    public async Task<ActivityCounts> FindBaselineAsync(CancellationToken cancellationToken) =>
        rows.ReadOrDefault(await table.FindPatientlyAsync(TableKeys.MetaPartition, BaselineRow, cancellationToken), ToCounts);

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
            .Select(row => row.RowKey == UserCount.TotalRow ? rows.ReadOrDefault(row, ToTotal) : 1)
            .SumAsync(cancellationToken);

    private async Task AddUpUsersAsync(int shard, CancellationToken cancellationToken)
    {
        var counts = await QueryCountAsync(shard, cancellationToken).ToListAsync(cancellationToken);
        var total = counts.Find(r => r.RowKey == UserCount.TotalRow);
        foreach (var counted in counts.Where(r => r.RowKey != UserCount.TotalRow).Chunk(RowRemoval.Most - 1))
        {
            var before = 0L;
            if (total is not null && !rows.TryRead(total, ToTotal, out before))
            {
                // The users stay counted one by one until somebody has mended the total.
                return;
            }

            var sum = new TableEntity(TableKeys.Partition(shard), UserCount.TotalRow) { [UserCount.Total] = before + counted.Length };
            if (!await TrySubmitAsync(Change(sum, total), counted, cancellationToken))
            {
                return;
            }

            total = await table.FindPatientlyAsync(sum.PartitionKey, UserCount.TotalRow, cancellationToken);
        }
    }

    private static long ToTotal(TableEntity row) => row.GetInt64(UserCount.Total)!.Value;

    private static TableTransactionAction Change(TableEntity sum, TableEntity? existing) => existing is null
        ? new(TableTransactionActionType.Add, sum)
        : new(TableTransactionActionType.UpdateReplace, sum, existing.ETag);

    /// <summary>False if somebody else is adding up at the same time: then that is done.</summary>
    private Task<bool> TrySubmitAsync(TableTransactionAction sum, IEnumerable<TableEntity> added, CancellationToken cancellationToken) =>
        table.PatientlyAsync(
            sum.Entity.PartitionKey,
            async (client, token) =>
            {
                try
                {
                    await client.SubmitTransactionAsync(
                        [sum, .. added.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, row.ETag))],
                        token);
                    return true;
                }
                catch (RequestFailedException e) when (e.IsConflict())
                {
                    return false;
                }
            },
            cancellationToken);

    private async Task<List<(TableEntity Row, InstanceReport Report)>> ReadReportsAsync(CancellationToken cancellationToken)
    {
        var filter = RowFilter.Prefixed(TableKeys.MetaPartition, TableKeys.ReportPrefix);
        List<(TableEntity, InstanceReport)> reports = [];
        await foreach (var row in table.QueryAsync(filter, select: null, cancellationToken))
        {
            if (rows.TryRead(row, ToReport, out var report))
            {
                reports.Add((row, report));
            }
        }

        return reports;
    }

    private IAsyncEnumerable<TableEntity> QueryCountAsync(int shard, CancellationToken cancellationToken) =>
        table.QueryAsync(TablePresenceStore.Range(shard, TableKeys.CountPrefix), select: null, cancellationToken);

    private Task<Response> UpsertAsync(TableEntity entity, CancellationToken cancellationToken) =>
        table.PatientlyAsync(
            entity.PartitionKey, (client, token) => client.UpsertEntityAsync(entity, TableUpdateMode.Replace, token), cancellationToken);

    private static TableEntity ToEntity(InstanceReport report) => new(TableKeys.MetaPartition, TableKeys.ReportPrefix + report.InstanceId)
    {
        [nameof(InstanceReport.Totals)] = report.Totals.ToJson(),
        [nameof(InstanceReport.ReportedAt)] = report.ReportedAt,
    };

    private static InstanceReport ToReport(TableEntity row) => new(
        row.RowKey[TableKeys.ReportPrefix.Length..],
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
