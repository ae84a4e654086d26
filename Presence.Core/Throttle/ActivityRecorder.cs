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
/// Records activity. In front of the engine stands this instance's window, and what the caller's token says of it: a call inside does no I/O.
/// Calls of one user that arrive together share one flight to the storage.
/// </summary>
public sealed class ActivityRecorder
{
    private readonly PresenceEngine _engine;
    private readonly IOptions<PresenceOptions> _settings;
    private readonly TimeProvider _time;
    private readonly ActivityWindow _window;
    private readonly ThrottleTokens _tokens;
    private readonly Departures _departures;
    private readonly PresenceMetrics _metrics;

    /// <summary>A number made up at the start, by which tokens name this instance.</summary>
    private readonly uint _instance;
    private readonly Lock _lock = new();
    private readonly Dictionary<PresenceKey, Flight> _flights = [];

    internal ActivityRecorder(
        PresenceEngine engine, ActivityWindow window, ThrottleTokens tokens, IOptions<PresenceOptions> options, PresenceMetrics metrics,
        TimeProvider time, uint instance)
    {
        (_engine, _window, _tokens, _settings, _metrics, _time) = (engine, window, tokens, options, metrics, time);
        _instance = instance;
        var widest = options.Value.Widest;
        _departures = new Departures(widest.RecordWindow + widest.Precedence + widest.PrecedenceSpread, time);
        engine.Changed += OnChanged;
        metrics.ObserveThrottleEntries(() => CacheSize);
    }

    /// <summary>How many users' windows this instance remembers.</summary>
    public int CacheSize => _window.Count;

    /// <summary>Those of this moment: a window is as wide as the step of economy says.</summary>
    private PresenceOptions Options => _settings.Value;

    /// <summary>Drops the windows that are over. Happens by itself as well; the seed system's <c>clearOldCacheEntries</c>.</summary>
    public void ClearOldCacheEntries() => _ = _window.Count;

    /// <summary>Counts a call that says of itself that it is no activity. Records nothing.</summary>
    public void Passive() => _metrics.ActivityPassive();

    /// <summary>Records the activity of a registered user or an anonymous participant, at most once per window.</summary>
    /// <param name="user">Who was active.</param>
    /// <param name="activity">When the request began: one that began before the user left does not bring it back. And when the user did what it tells of.</param>
    /// <param name="token">The throttle token that the caller brought; one that says nothing we trust counts as none.</param>
    /// <param name="cancellationToken">Ends the wait for a flight that another call has begun.</param>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public ValueTask<ActivityResult> RecordAsync(
        PresenceKey user, PresenceEvent.Activity activity, string? token, CancellationToken cancellationToken)
    {
        // When the request began this host has read from the same clock, and it is recent by what the window says. What the caller says, and
        // what may be old, is looked at more closely.
        if (activity.At is not null
            || _window.TryHold(user, activity.BeganAt) is not { } until
            || until - activity.BeganAt >= Options.OfflineAfter)
        {
            return RecordOutsideAsync(user, activity, token, cancellationToken);
        }

        // Counted and not timed: it takes less time than the clock to tell it.
        _metrics.ActivityThrottled();
        return new(new ActivityResult(PresenceStatus.Online, Throttled: true, until, LastActiveAt: null));
    }

    private async ValueTask<ActivityResult> RecordOutsideAsync(
        PresenceKey user, PresenceEvent.Activity activity, string? token, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        KnownRecord? brought = null;
        while (true)
        {
            var at = At(activity);
            var isRecent = at > _time.GetUtcNow() - Options.OfflineAfter;
            if (isRecent && _window.TryHold(user, at) is { } until)
            {
                Handled(ActivityOutcome.Throttled, started);
                return new(PresenceStatus.Online, Throttled: true, until, LastActiveAt: null);
            }

            if (token is not null)
            {
                brought = await _tokens.ReadAsync(user, token) is { } known && IsGoodFor(activity, known.Last) ? known : null;
                token = null;
            }

            if (isRecent && brought is { Last: var last } && TryHoldBy(ref brought, user, at) is { } turn)
            {
                Handled(ActivityOutcome.Throttled, started);
                return new(PresenceStatus.Online, Throttled: true, turn, LastActiveAt: null)
                {
                    Token = brought is null ? null : await _tokens.WriteAsync(user, brought), NextWhileConnected = NextWhileConnected(last),
                };
            }

            if (!TryBoard(user, activity, out var flight))
            {
                return await FlyAsync(user, flight, brought, started);
            }

            if (await flight.Landed.WaitAsync(cancellationToken) is { } failure)
            {
                Handled(ActivityOutcome.Failed, started);
                failure.Throw();
            }

            // Where it recorded for all aboard, it has opened a window. Where not, it was refused, or overtaken by the user's leaving, because
            // its request began before that. This one may have begun after.
        }
    }

    /// <summary>Records activity whatever the window says.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async ValueTask<ActivityResult> ForceRecordAsync(PresenceKey user)
    {
        var (result, _, delivered) = await ApplyAsync(user, new(_time.GetUtcNow(), Force: true), last: null, _time.GetTimestamp());
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

    /// <summary>
    /// Where what the caller brought says that the window is open, or that it is another instance's turn to record: holds the activity back, and
    /// says until when.
    /// </summary>
    /// <param name="brought">What the caller brought; becomes what it is to bring from now on, or null where that is the same.</param>
    /// <param name="user">Who was active.</param>
    /// <param name="at">When.</param>
    private DateTimeOffset? TryHoldBy(ref KnownRecord? brought, PresenceKey user, DateTimeOffset at)
    {
        var now = _time.GetUtcNow();
        var last = brought!.Last;
        var known = brought with { IsEager = brought.IsEager || now < last.RecordedAt + (Options.RecordWindow - Options.Early) };
        var turn = Precedence.TurnOf(known, _instance, Options);
        if (now >= turn || at >= last.LastActiveAt + Options.MostBehind)
        {
            return null;
        }

        var next = NextCallAt(last, turn);
        lock (_lock)
        {
            if (_departures.IsSince(user, last.RecordedAt))
            {
                brought = null;
                return null;
            }

            _window.Remember(user, next, last.LastActiveAt, at);
        }

        brought = known == brought ? null : known;
        return next;
    }

    /// <param name="user">Who was active.</param>
    /// <param name="flight">What for.</param>
    /// <param name="brought">What the caller brought; null for nothing.</param>
    /// <param name="started">When the call began, as a timestamp of the clock.</param>
    private async ValueTask<ActivityResult> FlyAsync(PresenceKey user, Flight flight, KnownRecord? brought, long started)
    {
        ActivityResult? result = null;
        KnownRecord? known = null;
        var delivered = Task.CompletedTask;
        ExceptionDispatchInfo? failure = null;
        try
        {
            (result, known, delivered) = await ApplyAsync(user, flight.Activity, WrittenFirst(user, flight.Activity, brought), started);
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
                if (flight.UserLeft)
                {
                    known = null;
                }

                if (known is { Last: var last } && result is { NextRecordAt: { } next } after)
                {
                    _window.Remember(user, next, last.LastActiveAt, after.Throttled ? At(flight.Activity) : null, known.IsOwn ? last : null);
                }
            }

            flight.Land(failure);
        }

        // Those aboard need not wait for what others are told.
        await delivered;
        return known is null ? result!.Value : result!.Value with { Token = await _tokens.WriteAsync(user, known) };
    }

    /// <summary>
    /// The record under whose ETag the next one is written without a look at the row: by whoever made the last one, because that is likely to be
    /// the last still. Whoever did not looks first.
    /// </summary>
    private LastRecord? WrittenFirst(PresenceKey user, PresenceEvent.Activity activity, KnownRecord? brought)
    {
        var own = _window.OwnOf(user) is { } remembered && IsGoodFor(activity, remembered) ? remembered : null;
        return brought is { IsOwn: true, Last: var last } && !(own?.RecordedAt > last.RecordedAt) ? last : own;
    }

    private async ValueTask<(ActivityResult Result, KnownRecord? Known, Task Delivered)> ApplyAsync(
        PresenceKey user, PresenceEvent.Activity activity, LastRecord? last, long started)
    {
        try
        {
            var (change, delivered, tag) = await _engine.CommitAsync(user, activity, CancellationToken.None, last: last);
            Handled(OutcomeOf(change.Outcome), started);
            var after = change.After;
            var known = Known(after, activity, change.Outcome, tag);
            DateTimeOffset? next = known is null ? null : NextCallAt(known.Last, Precedence.TurnOf(known, _instance, Options));
            var result = new ActivityResult(after.SessionStatus, change.Outcome == Outcome.Throttled, next, after.Online?.LastActiveAt)
            {
                NextWhileConnected = known is null ? null : NextWhileConnected(known.Last),
                Recorded = change.Outcome == Outcome.Applied,
            };
            return (result, known, delivered);
        }
        catch (Exception)
        {
            Handled(ActivityOutcome.Failed, started);
            throw;
        }
    }

    /// <summary>The last record of a user, as it is after a call; null for one who is not plainly online, whose next activity is recorded at once.</summary>
    private KnownRecord? Known(UserRecords records, PresenceEvent.Activity activity, Outcome outcome, string? tag)
    {
        if (records.Online is not { } online || !IsPlainlyOnline(records) || outcome == Outcome.Stale)
        {
            return null;
        }

        // A choice that ends decides on when the row is due, which whoever does not read it must not say.
        // A row written by an instance whose clock runs ahead must not silence the user for longer.
        var now = _time.GetUtcNow();
        var last = new LastRecord(
            online.RecordedAt < now ? online.RecordedAt : now, online.LastActiveAt, !online.Connections.Open.IsEmpty, activity.IssuedAt ?? activity.BeganAt,
            Deadlines.ChoiceEndsAt(online) < DateTimeOffset.MaxValue ? null : tag);
        return new(last, _instance, IsOwn: outcome == Outcome.Applied, IsEager: outcome != Outcome.Applied);
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

    /// <summary>Credentials older than those by which a record was learnt may have been revoked before it.</summary>
    private static bool IsGoodFor(PresenceEvent.Activity activity, LastRecord last) => !(activity.IssuedAt < last.IssuedAt);

    /// <summary>Whose next activity can wait; that of a user who is away, leaving or gone is recorded at once.</summary>
    private static bool IsPlainlyOnline(UserRecords records) => records.Online is { Status: PresenceStatus.Online, LastClosedAt: null };

    /// <summary>
    /// When a client is to call next: when this instance records, but not so late after the last activity that its user would be taken for gone
    /// before long.
    /// </summary>
    private DateTimeOffset NextCallAt(LastRecord last, DateTimeOffset turn) =>
        last.LastActiveAt + Options.MostBehind is var latest && latest < turn ? latest : turn;

    /// <summary>
    /// When a client with a connection of its own is to call next: a connection keeps its user here, so that a call is needed only to keep it from
    /// turning away, which counts from the last activity.
    /// </summary>
    private DateTimeOffset? NextWhileConnected(LastRecord last) => last.IsConnected ? last.LastActiveAt + Options.PaceOfConnected : null;

    /// <summary>
    /// What went along with the change is held back no more. The next activity of a user who is away, leaving or gone must reach storage,
    /// whatever this instance remembers, and whatever callers bring from before.
    /// </summary>
    private void OnChanged(Change change)
    {
        var after = change.After;
        if (change.IsCertain && (after.Online?.LastActiveAt ?? after.Profile?.LastSeenAt) is { } recorded)
        {
            _window.Told(change.User, recorded);
        }

        var isPlainlyOnline = IsPlainlyOnline(after);
        if (change.IsCertain && isPlainlyOnline)
        {
            return;
        }

        lock (_lock)
        {
            _window.Forget(change.User);
            if (!isPlainlyOnline)
            {
                _departures.Add(change.User);
            }

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
