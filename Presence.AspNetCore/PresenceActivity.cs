using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Presence.AspNetCore;

/// <summary>
/// Records that users are active: the first time at once, and then once in a window. Inside the window it costs a look-up, and no memory. Never
/// waits, never fails, safe to call from anywhere at once.
/// </summary>
public sealed class PresenceActivity
{
    private const int LongestId = 128;

    private readonly ConcurrentDictionary<string, UserWindow> _windows = new(StringComparer.Ordinal);
    private readonly ActivityQueue _queue;
    private readonly ActivityMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly long _window;
    private readonly int _maxUsers;
    private int _users;

    /// <summary>Creates it; the container does.</summary>
    internal PresenceActivity(ActivityQueue queue, ActivityMetrics metrics, IOptions<PresenceActivityOptions> options, TimeProvider time)
    {
        (_queue, _metrics, _time, _maxUsers) = (queue, metrics, time, options.Value.MaxUsers);
        _window = (long)(options.Value.Window.TotalSeconds * time.TimestampFrequency);
        queue.Dropped = Reopen;
        metrics.Observe(() => queue.Count, () => Volatile.Read(ref _users));
    }

    /// <summary>Of how many users a window is remembered.</summary>
    internal int Users => Volatile.Read(ref _users);

    /// <summary>The user is active now.</summary>
    /// <param name="userId">The id: 1 to 128 characters; <c>anon:</c> + id for a guest. Any other is only counted.</param>
    public void Record(string userId)
    {
        if (userId is not { Length: > 0 and <= LongestId })
        {
            _metrics.Requested(RequestOutcome.Invalid);
            return;
        }

        var now = _time.GetTimestamp();
        if (!_windows.TryGetValue(userId, out var window) && (window = Add(userId, now)) is null)
        {
            // Nothing is known of who is beyond the limit, so that each request is told.
            Enqueue(new(userId, now, Window: null));
            return;
        }

        window.Saw(now);
        if (window.TryOpen(now, _window))
        {
            Enqueue(new(userId, now, window));
        }
        else
        {
            _metrics.Requested(RequestOutcome.Held);
        }
    }

    /// <summary>Puts into the queue what windows have held back that are over, or all of it; forgets users who have gone quiet.</summary>
    internal void QueueHeld(bool all = false)
    {
        var now = _time.GetTimestamp();
        foreach (var (userId, window) in _windows)
        {
            if (all ? window.Holds : window.IsOver(now, _window) && window.Holds)
            {
                if (window.TryOpen(now, all ? 0 : _window))
                {
                    _queue.Add(new(userId, window.LastSeen, window));
                }
            }
            else if (window.IsOver(now, _window) && _windows.TryRemove(KeyValuePair.Create(userId, window)))
            {
                Interlocked.Decrement(ref _users);
            }
        }
    }

    private UserWindow? Add(string userId, long now)
    {
        if (Volatile.Read(ref _users) >= _maxUsers)
        {
            return null;
        }

        var added = new UserWindow(now - _window - 1);
        var window = _windows.GetOrAdd(userId, added);
        if (ReferenceEquals(window, added))
        {
            Interlocked.Increment(ref _users);
        }

        return window;
    }

    private void Enqueue(PendingActivity pending)
    {
        _metrics.Requested(RequestOutcome.Queued);
        _queue.Add(pending);
    }

    /// <summary>What was dropped has not been told: the user's next request is to be queued again.</summary>
    private void Reopen(PendingActivity dropped)
    {
        _metrics.Entries(EntryOutcome.Dropped, 1);
        dropped.Window?.Reopen(_time.GetTimestamp() - _window - 1);
    }
}
