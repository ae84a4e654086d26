using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Presence.Client;
using Presence.Client.Model;

namespace Presence.AspNetCore;

/// <summary>Tells Presence what waits, many users in one call. On stop it tells what is left, within the time that the host gives.</summary>
internal sealed partial class ActivitySender(
    ActivityQueue queue, PresenceActivity activity, IPresenceBackendClient client, ActivityMetrics metrics,
    IOptions<PresenceActivityOptions> options, TimeProvider time, ILogger<ActivitySender> logger) : BackgroundService
{
    /// <summary>An entry that comes back so often as failed, but not because the storage is away, is given up: waiting does not mend what is wrong with it.</summary>
    public const int MostFailures = 5;

    /// <summary>The least that it waits after a failure; where that does not say how long, twice as long each time, up to <see cref="LongestPause"/>.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private TimeSpan _pause = FirstPause;
    private long _heldLookedAt;

    /// <summary>Why the last call failed; null if it did not.</summary>
    public Exception? LastFailure { get; private set; }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        activity.QueueHeld(all: true);
        try
        {
            while (queue.Take() is { Count: > 0 } batch && await TrySendAsync(batch, cancellationToken) is null)
            {
            }
        }
        catch (OperationCanceledException)
        {
            // The host waits no longer.
        }

        if (queue.Count is > 0 and var lost)
        {
            metrics.Entries(EntryOutcome.Dropped, lost);
            LogLost(lost);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _heldLookedAt = time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WaitAsync(options.Value.FlushInterval, queue.IsFullAsync(), stoppingToken);
                await FlushAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Sends until nothing waits, or the server wishes to be left alone.</summary>
    internal async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_heldLookedAt) >= options.Value.Window / 10)
        {
            activity.QueueHeld();
            _heldLookedAt = time.GetTimestamp();
        }

        // What comes back as failed goes to the end, and is not sent again before the next interval.
        for (var left = queue.Count; left > 0; left -= PresenceActivityOptions.MostEntries)
        {
            if (await TrySendAsync(queue.Take(), cancellationToken) is { } pause)
            {
                await WaitAsync(pause, other: null, cancellationToken);
                return;
            }
        }
    }

    /// <summary>Null if the batch is told; else how long to wait. Then all of it waits again, with the moments it had.</summary>
    private async Task<TimeSpan?> TrySendAsync(List<PendingActivity> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return null;
        }

        PendingActivity[] sent = [.. batch.Select(pending => pending with { At = pending.LatestAt })];
        var began = time.GetTimestamp();
        try
        {
            var now = time.GetUtcNow();
            var result = await client.RecordActivityAsync(
                [.. sent.Select(pending => new ActivityEntry { UserId = pending.UserId, At = now - time.GetElapsedTime(pending.At, began) })], cancellationToken);
            metrics.Sent(time.GetElapsedTime(began), failure: null);
            Count(result);
            Worked();
            return Again(result.Failed, sent) ? FirstPause : null;
        }
        catch (PresenceException e) when (e.Code == PresenceErrorCode.InvalidInput)
        {
            metrics.Sent(time.GetElapsedTime(began), e.Code);
            return await DivideAsync(batch, e, cancellationToken);
        }
        catch (Exception e)
        {
            // It may have been told or not. Told twice changes nothing.
            Array.ForEach(sent, queue.AddBack);
            if (e is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            metrics.Sent(time.GetElapsedTime(began), (e as PresenceException)?.Code ?? e.GetType().Name);
            return Failed(e);
        }
    }

    /// <summary>One entry that breaks a limit refuses the whole. It is found by halves, so that the others are told.</summary>
    private async Task<TimeSpan?> DivideAsync(List<PendingActivity> batch, PresenceException refusal, CancellationToken cancellationToken)
    {
        if (batch.Count == 1)
        {
            metrics.Entries(EntryOutcome.Refused, 1);
            LogRefused(refusal.Message);
            return null;
        }

        var (first, second) = (batch[..(batch.Count / 2)], batch[(batch.Count / 2)..]);
        var goesOn = false;
        try
        {
            if (await TrySendAsync(first, cancellationToken) is { } pause)
            {
                return pause;
            }

            goesOn = true;
        }
        finally
        {
            if (!goesOn)
            {
                second.ForEach(queue.AddBack);
            }
        }

        return await TrySendAsync(second, cancellationToken);
    }

    private void Count(ActivityBatchResult result)
    {
        metrics.Entries(EntryOutcome.Recorded, result.Recorded);
        metrics.Entries(EntryOutcome.Throttled, result.Throttled);
        metrics.Entries(EntryOutcome.Ignored, result.Ignored);
        metrics.Entries(EntryOutcome.Failed, result.Failed.Count);
    }

    /// <summary>Whether some of them failed because the storage is away: then it is left alone for a moment.</summary>
    private bool Again(IReadOnlyList<FailedActivity> failed, PendingActivity[] sent)
    {
        var isAway = false;
        foreach (var one in failed.Where(one => one.Index >= 0 && one.Index < sent.Length))
        {
            var isItsFault = one.Code != PresenceErrorCode.StorageUnavailable;
            isAway |= !isItsFault;
            var pending = sent[one.Index] with { Failures = sent[one.Index].Failures + (isItsFault ? 1 : 0) };
            if (pending.Failures < MostFailures)
            {
                queue.AddBack(pending);
            }
            else
            {
                metrics.Entries(EntryOutcome.Dropped, 1);
            }
        }

        return isAway;
    }

    private void Worked()
    {
        if (LastFailure is not null)
        {
            LogBack();
        }

        (LastFailure, _pause) = (null, FirstPause);
    }

    private TimeSpan Failed(Exception failure)
    {
        // Once, and not with every try.
        if (LastFailure is null)
        {
            LogAway(failure);
        }

        LastFailure = failure;
        var pause = (failure as PresenceException)?.RetryAfter ?? _pause;
        _pause = _pause * 2 > LongestPause ? LongestPause : _pause * 2;
        return pause < FirstPause ? FirstPause : pause < LongestPause ? pause : LongestPause;
    }

    private async Task WaitAsync(TimeSpan wait, Task? other, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(wait, time, either.Token);
        await (other is null ? delay : Task.WhenAny(delay, other));
        await either.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    [LoggerMessage(EventName = "PresenceAway", Level = LogLevel.Warning,
        Message = "Presence could not be told of activity; it is kept, as far as there is room, and told later.")]
    private partial void LogAway(Exception exception);

    [LoggerMessage(EventName = "PresenceBack", Level = LogLevel.Information, Message = "Presence is told of activity again.")]
    private partial void LogBack();

    [LoggerMessage(EventName = "ActivityRefused", Level = LogLevel.Warning, Message = "Presence refuses the activity of a user: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(EventName = "ActivityLost", Level = LogLevel.Warning, Message = "The application ends before Presence was told of {Count} activities.")]
    private partial void LogLost(int count);
}
