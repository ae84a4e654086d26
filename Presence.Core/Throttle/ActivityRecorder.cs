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

    /// <summary>Creates the recorder of an instance.</summary>
    public ActivityRecorder(PresenceEngine engine, IOptions<PresenceOptions> options, PresenceMetrics metrics, TimeProvider time)
    {
        _engine = engine;
        _metrics = metrics;
        _options = options.Value;
        _time = time;
        _window = new ActivityWindow(_options.MaxThrottleEntries);
        engine.Changed += OnChanged;
        metrics.ObserveThrottleEntries(() => CacheSize);
    }

    /// <summary>How many users' windows this instance remembers.</summary>
    public int CacheSize => _window.ClearExpired(_time.GetUtcNow());

    /// <summary>Drops the windows that are over. Happens by itself as well; the seed system's <c>clearOldCacheEntries</c>.</summary>
    public void ClearOldCacheEntries() => _window.ClearExpired(_time.GetUtcNow());

    /// <summary>Records the activity of a registered user or an anonymous participant, at most once per window.</summary>
    /// <param name="user">Who was active.</param>
    /// <param name="beganAt">When the request began: one that began before the user left does not bring it back.</param>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async ValueTask<ActivityResult> RecordAsync(PresenceKey user, DateTimeOffset beganAt)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            if (_window.Until(user, _time.GetUtcNow()) is { } until)
            {
                Handled(ActivityOutcome.Throttled, started);
                return new(PresenceStatus.Online, Throttled: true, until, []);
            }

            if (!TryBoard(user, beganAt, out var flight))
            {
                return await FlyAsync(user, flight, started);
            }

            var (result, failure) = await flight.Landed;
            if (failure is not null)
            {
                Handled(ActivityOutcome.Failed, started);
                failure.Throw();
            }

            if (result?.NextRecordAt is not null && !flight.UserLeft)
            {
                // It recorded for all aboard; announcing is for the call that started it.
                Handled(ActivityOutcome.Throttled, started);
                return result with { Throttled = true, Transitions = [] };
            }

            // The flight was refused, or overtaken by the user's leaving: its request began before that. This one may have begun after.
        }
    }

    /// <summary>Records activity whatever the window says.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async ValueTask<ActivityResult> ForceRecordAsync(PresenceKey user) =>
        await ApplyAsync(user, new PresenceEvent.Activity(_time.GetUtcNow(), Force: true), _time.GetTimestamp());

    /// <summary>True: another call of the user is on its way to storage. False: this one is, in the flight returned.</summary>
    private bool TryBoard(PresenceKey user, DateTimeOffset beganAt, out Flight flight)
    {
        lock (_lock)
        {
            if (_flights.TryGetValue(user, out flight!))
            {
                return true;
            }

            _flights[user] = flight = new Flight(beganAt);
            return false;
        }
    }

    private async ValueTask<ActivityResult> FlyAsync(PresenceKey user, Flight flight, long started)
    {
        ActivityResult? result = null;
        ExceptionDispatchInfo? failure = null;
        try
        {
            return result = await ApplyAsync(user, new PresenceEvent.Activity(flight.BeganAt), started);
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
                if (result?.NextRecordAt is { } next && !flight.UserLeft)
                {
                    _window.Remember(user, next, _time.GetUtcNow());
                }
            }

            flight.Land(result, failure);
        }
    }

    private async ValueTask<ActivityResult> ApplyAsync(PresenceKey user, PresenceEvent.Activity activity, long started)
    {
        try
        {
            var change = await _engine.ApplyAsync(user, activity, CancellationToken.None);
            Handled(OutcomeOf(change), started);
            return new(change.After.Status, change.Outcome == Outcome.Throttled, NextRecordAt(change.After), change.Transitions);
        }
        catch (Exception)
        {
            Handled(ActivityOutcome.Failed, started);
            throw;
        }
    }

    private static string OutcomeOf(Change change) => change.Outcome switch
    {
        Outcome.Applied => ActivityOutcome.Recorded,
        Outcome.Throttled => ActivityOutcome.Throttled,
        _ => ActivityOutcome.Ignored,
    };

    private void Handled(string outcome, long started) => _metrics.ActivityHandled(outcome, _time.GetElapsedTime(started));

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

    /// <summary>The next activity of a user who is away, leaving or gone must reach storage, whatever this instance remembers.</summary>
    private void OnChanged(Change change)
    {
        if (NextRecordAt(change.After) is not null)
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

    private sealed class Flight(DateTimeOffset beganAt)
    {
        private readonly TaskCompletionSource<(ActivityResult? Result, ExceptionDispatchInfo? Failure)> _landed =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DateTimeOffset BeganAt => beganAt;

        /// <summary>Set when another event took the user away during the flight: its result must not be remembered.</summary>
        public bool UserLeft { get; set; }

        /// <summary>How the flight ended, for all aboard.</summary>
        public Task<(ActivityResult? Result, ExceptionDispatchInfo? Failure)> Landed => _landed.Task;

        public void Land(ActivityResult? result, ExceptionDispatchInfo? failure) => _landed.SetResult((result, failure));
    }
}
