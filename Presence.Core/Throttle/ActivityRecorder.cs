using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.Throttle;

/// <summary>
/// Records activity. In front of the engine stands this instance's window: a call inside it does no I/O. Calls of one user that arrive
/// together share one flight to the storage.
/// </summary>
public sealed class ActivityRecorder
{
    private readonly PresenceEngine _engine;
    private readonly PresenceOptions _options;
    private readonly TimeProvider _time;
    private readonly ActivityWindow _window;
    private readonly PresenceMetrics _metrics;
    private readonly Lock _lock = new();
    private readonly Dictionary<PresenceKey, Flight> _flights = [];

    internal ActivityRecorder(
        PresenceEngine engine, ActivityWindow window, IOptions<PresenceOptions> options, PresenceMetrics metrics, TimeProvider time)
    {
        (_engine, _window, _options, _metrics, _time) = (engine, window, options.Value, metrics, time);
        engine.Changed += OnChanged;
        metrics.ObserveThrottleEntries(() => CacheSize);
    }

    /// <summary>How many users' windows this instance remembers.</summary>
    public int CacheSize => _window.Count;

    /// <summary>Drops the windows that are over. Happens by itself as well; the seed system's <c>clearOldCacheEntries</c>.</summary>
    public void ClearOldCacheEntries() => _ = _window.Count;

    /// <summary>Counts a call that says of itself that it is no activity. Records nothing.</summary>
    public void Passive() => _metrics.ActivityCounted(ActivityOutcome.Passive);

    /// <summary>Records the activity of a registered user or an anonymous participant, at most once per window.</summary>
    /// <param name="user">Who was active.</param>
    /// <param name="activity">When the request began: one that began before the user left does not bring it back. And when the user did what it tells of.</param>
    /// <param name="cancellationToken">Ends the wait for a flight that another call has begun.</param>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public ValueTask<ActivityResult> RecordAsync(PresenceKey user, PresenceEvent.Activity activity, CancellationToken cancellationToken)
    {
        if (TryHold(user, activity) is not { } until)
        {
            return RecordInStorageAsync(user, activity, cancellationToken);
        }

        // Counted and not timed: it takes less time than the clock to tell it.
        _metrics.ActivityCounted(ActivityOutcome.Throttled);
        return new(ThrottledUntil(until));
    }

    private async ValueTask<ActivityResult> RecordInStorageAsync(
        PresenceKey user, PresenceEvent.Activity activity, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            if (!TryBoard(user, activity, out var flight))
            {
                return await FlyAsync(user, flight, started);
            }

            if (await flight.Landed.WaitAsync(cancellationToken) is { } failure)
            {
                Handled(ActivityOutcome.Failed, started);
                failure.Throw();
            }

            // Where it recorded for all aboard, it has opened a window. Where not, it was refused, or overtaken by the user's leaving, because
            // its request began before that. This one may have begun after.
            if (TryHold(user, activity) is { } until)
            {
                Handled(ActivityOutcome.Throttled, started);
                return ThrottledUntil(until);
            }
        }
    }

    /// <summary>From when the user's next activity is recorded, for a call inside the window; null if it must be looked up in storage.</summary>
    private DateTimeOffset? TryHold(PresenceKey user, PresenceEvent.Activity activity)
    {
        // When the request began this host has read from the same clock: only what the caller says needs to be compared with it.
        var at = activity.At is null ? activity.BeganAt : At(activity);
        return _window.TryHold(user, at) is { } until && at > until - _options.OfflineAfter ? until : null;
    }

    private static ActivityResult ThrottledUntil(DateTimeOffset until) =>
        new(PresenceStatus.Online, Throttled: true, until, LastActiveAt: null);

    /// <summary>Records activity whatever the window says.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async ValueTask<ActivityResult> ForceRecordAsync(PresenceKey user)
    {
        var (result, delivered) = await ApplyAsync(user, new(_time.GetUtcNow(), Force: true), _time.GetTimestamp());
        await delivered;
        return result;
    }

    /// <summary>True: another call of the user is on its way to storage. False: this one is, in the flight returned.</summary>
    private bool TryBoard(PresenceKey user, PresenceEvent.Activity activity, out Flight flight)
    {
        lock (_lock)
        {
            if (_flights.TryGetValue(user, out flight!))
            {
                return true;
            }

            _flights[user] = flight = new Flight(activity);
            return false;
        }
    }

    private async ValueTask<ActivityResult> FlyAsync(PresenceKey user, Flight flight, long started)
    {
        ActivityResult? result = null;
        var delivered = Task.CompletedTask;
        ExceptionDispatchInfo? failure = null;
        try
        {
            (result, delivered) = await ApplyAsync(user, flight.Activity, started);
        }
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
            throw;
        }
        finally
        {
            lock (_lock)
            {
                _flights.Remove(user);
                if (result is { NextRecordAt: { } next, LastActiveAt: { } recorded } after && !flight.UserLeft)
                {
                    _window.Remember(user, next, recorded, after.Throttled ? At(flight.Activity) : null);
                }
            }

            flight.Land(failure);
        }

        // Those aboard need not wait for what others are told.
        await delivered;
        return result.Value;
    }

    private async ValueTask<(ActivityResult Result, Task Delivered)> ApplyAsync(PresenceKey user, PresenceEvent.Activity activity, long started)
    {
        try
        {
            var (change, delivered) = await _engine.CommitAsync(user, activity, CancellationToken.None);
            Handled(OutcomeOf(change.Outcome), started);
            var after = change.After;
            return (new(after.Status, change.Outcome == Outcome.Throttled, NextRecordAt(after), after.Online?.LastActiveAt), delivered);
        }
        catch (Exception)
        {
            Handled(ActivityOutcome.Failed, started);
            throw;
        }
    }

    private static string OutcomeOf(Outcome outcome) => outcome switch
    {
        Outcome.Applied => ActivityOutcome.Recorded,
        Outcome.Throttled => ActivityOutcome.Throttled,
        Outcome.Unchanged or Outcome.Stale => ActivityOutcome.Ignored,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "no such outcome"),
    };

    private void Handled(string outcome, long started) => _metrics.ActivityHandled(outcome, _time.GetElapsedTime(started));

    private DateTimeOffset At(PresenceEvent.Activity activity)
    {
        var now = _time.GetUtcNow();
        return activity.At is { } at && at < now ? at : activity.At is null && activity.BeganAt < now ? activity.BeganAt : now;
    }

    /// <summary>From when this user's next activity is recorded; null where it is recorded at once, because the user is not plainly online.</summary>
    private DateTimeOffset? NextRecordAt(UserRecords records)
    {
        if (records.Online is not { Status: PresenceStatus.Online, LastClosedAt: null } online)
        {
            return null;
        }

        // A row written by an instance whose clock runs ahead must not silence the user for longer than a window.
        var next = Deadlines.NextRecordAt(online, _options);
        var latest = _time.GetUtcNow() + _options.RecordWindow;
        return next < latest ? next : latest;
    }

    /// <summary>
    /// What went along with the change is held back no more. The next activity of a user who is away, leaving or gone must reach storage,
    /// whatever this instance remembers.
    /// </summary>
    private void OnChanged(Change change)
    {
        var after = change.After;
        if (change.IsCertain && (after.Online?.LastActiveAt ?? after.Profile?.LastSeenAt) is { } recorded)
        {
            _window.Told(change.User, recorded);
        }

        if (change.IsCertain && NextRecordAt(after) is not null)
        {
            return;
        }

        lock (_lock)
        {
            _window.Forget(change.User);
            if (_flights.TryGetValue(change.User, out var flight))
            {
                flight.UserLeft = true;
            }
        }
    }

    private sealed class Flight(PresenceEvent.Activity activity)
    {
        private readonly TaskCompletionSource<ExceptionDispatchInfo?> _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public PresenceEvent.Activity Activity => activity;

        /// <summary>Set when another event took the user away during the flight: its result must not be remembered.</summary>
        public bool UserLeft { get; set; }

        /// <summary>Ends with the flight, for all aboard; what it failed with, or null.</summary>
        public Task<ExceptionDispatchInfo?> Landed => _landed.Task;

        public void Land(ExceptionDispatchInfo? failure) => _landed.SetResult(failure);
    }
}
