using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Presence.Core.Storage;
using Presence.Core.Throttle;

namespace Presence.Core.Maintenance;

/// <summary>
/// Writes this instance's counts to its own row, once a second while they change and once more at the end, so that any instance can add
/// all of them up. A row holds sums, not steps: writing it twice changes nothing.
/// </summary>
public sealed partial class InstanceReporter(
    ActivityRecorder recorder, IMaintenanceStore store, TimeProvider time, ILogger<InstanceReporter> logger) : BackgroundService
{
    /// <summary>How far the sums may lag behind another instance's calls.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _writing = new(1);
    private ActivityCounts _reported;
    private ActivityCounts _retired;
    private bool _hasRow;

    /// <summary>This instance's id, made anew at each start.</summary>
    public string InstanceId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Writes the row now, if there is news.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var counts = recorder.Counts;
            if (counts == _reported)
            {
                return;
            }

            while (!await store.TryReportAsync(Report(counts - _retired), isFirst: !_hasRow, cancellationToken))
            {
                // The row was added to the sum of the retired while this instance was silent: it begins a new one from there.
                _retired = _reported;
                _hasRow = false;
            }

            _reported = counts;
            _hasRow = true;
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
            LogNotReported(e);
        }
    }

    private InstanceReport Report(ActivityCounts counts) => new(InstanceId, counts, recorder.CacheSize, time.GetUtcNow());

    [LoggerMessage(EventName = "CountsNotReported", Level = LogLevel.Warning, Message = "This instance's counts could not be stored; tried again with the next.")]
    private partial void LogNotReported(Exception exception);
}
