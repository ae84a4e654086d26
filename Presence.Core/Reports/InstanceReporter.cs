using Microsoft.Extensions.Hosting;
using Presence.Core.Metrics;
using Presence.Core.Ports;

namespace Presence.Core.Reports;

/// <summary>
/// Writes what this instance has measured to its own row, once a second while there is news, twice a minute without, and once more at
/// the end, so that any instance can add all of them up. A row holds sums, not steps: writing it twice changes nothing.
/// </summary>
public sealed class InstanceReporter(PresenceMetrics metrics, IMaintenanceStore store, TimeProvider time) : BackgroundService
{
    /// <summary>How far the sums may lag behind another instance's calls.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>After so long without a report, an instance is gone. Twice missed, not once.</summary>
    internal static readonly TimeSpan AliveFor = TimeSpan.FromMinutes(1);

    /// <summary>How often an instance without news says that it is there.</summary>
    private static readonly TimeSpan Heartbeat = AliveFor / 2 - Interval;

    private readonly SemaphoreSlim _writing = new(1);
    private MetricTotals _reported = MetricTotals.None;
    private MetricTotals _retired = MetricTotals.None;
    private DateTimeOffset _reportedAt;
    private bool _hasRow;

    /// <summary>This instance's id, made anew at each start.</summary>
    public string InstanceId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Writes the row now, if there is news or the last one is getting old.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var totals = metrics.Totals;
            var now = time.GetUtcNow();
            if (now - _reportedAt < Heartbeat && !totals.IsNewsSince(_reported))
            {
                return;
            }

            await WriteAsync(totals, now, cancellationToken);
            (_reported, _reportedAt, _hasRow) = (totals, now, true);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryReportAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _writing.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await WaitAsync(timer, stoppingToken))
        {
            await TryReportAsync(stoppingToken);
        }
    }

    private async Task WriteAsync(MetricTotals totals, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var span = Tracing.StartReporting();
        try
        {
            while (!await store.TryReportAsync(new(InstanceId, totals - _retired, now), isFirst: !_hasRow, cancellationToken))
            {
                // The row was added to the sum of the retired while this instance was silent: it begins a new one from there.
                _retired = _reported.WithoutGauges();
                _hasRow = false;
            }
        }
        catch (Exception)
        {
            span.Failed();
            throw;
        }
    }

    private static async ValueTask<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task TryReportAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReportAsync(cancellationToken);
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            // Logged by the table; the next report holds the same and more.
        }
    }
}
