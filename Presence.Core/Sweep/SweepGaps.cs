using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Sweep;

/// <summary>
/// Notices that no sweep came through for a while, as when storage was out of reach. Calls could not be recorded either then, so for one
/// window from now users may have been without recorded activity for one window longer.
/// </summary>
internal sealed class SweepGaps(IMaintenanceStore maintenance, PresenceOptions options, TimeProvider time)
{
    /// <summary>A gap is longer than so many intervals.</summary>
    private const double MostIntervals = 2.5;

    /// <summary>A sweep has better to do than to wait for one row, which may be all that is out of reach.</summary>
    private static readonly TimeSpan AskWithin = TimeSpan.FromSeconds(2);

    /// <summary>As long as an instance may hold back calls, at whatever step of economy it is.</summary>
    private readonly TimeSpan _window = options.Widest.RecordWindow;

    private long? _lastGood;
    private (long Since, TimeSpan For)? _patience;

    /// <summary>The longest time from one sweep to the next that is no gap.</summary>
    public TimeSpan Longest => Schedules.IntervalAt(options.SweepSchedule, time.GetUtcNow()) * MostIntervals;

    /// <summary>When sweeps last came through again after a gap, as far as this instance knows.</summary>
    public DateTimeOffset? ResumedAt { get; private set; }

    /// <summary>How much longer than usual users may be without activity now.</summary>
    public async ValueTask<TimeSpan> PatienceAsync(CancellationToken cancellationToken)
    {
        if (!(_lastGood is { } good && time.GetElapsedTime(good) <= Longest))
        {
            await TryAskAsync(cancellationToken);
        }

        return _patience is { } patience && time.GetElapsedTime(patience.Since) <= patience.For ? _window : TimeSpan.Zero;
    }

    /// <summary>A sweep has come through, in all shards.</summary>
    public void Swept() => _lastGood = time.GetTimestamp();

    /// <summary>
    /// Where storage is out of reach just now, there is a gap just now; and it is remembered, for the sweep that finds it may come through all
    /// the same.
    /// </summary>
    private async ValueTask TryAskAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AskWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await AskAsync(either.Token);
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            Resume();
        }
    }

    /// <summary>
    /// Another instance may have swept meanwhile, and have noticed a gap. Where nobody ever has swept, only what this instance has seen by
    /// itself tells of one, which has lasted until now.
    /// </summary>
    private async ValueTask AskAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await maintenance.FindLastSweepAsync(cancellationToken) is not { CompletedAt: { } completed } last)
        {
            if (ResumedAt is not null)
            {
                Resume();
            }

            return;
        }

        ResumedAt = now - completed > Longest ? now : last.ResumedAt;
        if (ResumedAt is { } resumed)
        {
            _patience = (time.GetTimestamp(), _window - (now - resumed));
        }
    }

    private void Resume()
    {
        ResumedAt = time.GetUtcNow();
        _patience = (time.GetTimestamp(), _window);
    }
}
