using Presence.Core.Domain;

namespace Presence.Core.Throttle;

/// <summary>
/// Until when one instance need not look at a user's activity again. Bounded: entries leave when they expire and, at the limit, oldest
/// first. What is not in here is looked up in storage, so losing an entry costs a request, never correctness.
/// </summary>
internal sealed class ActivityWindow(int mostEntries)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<PresenceKey, DateTimeOffset> _until = [];

    // In the order of remembering. A user forgotten and remembered again has an older entry here whose moment no longer matches.
    private readonly Queue<(PresenceKey User, DateTimeOffset Until)> _order = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _until.Count;
            }
        }
    }

    /// <summary>Until when the user's activity is throttled; null if that must be looked up.</summary>
    public DateTimeOffset? Until(PresenceKey user, DateTimeOffset now)
    {
        lock (_lock)
        {
            return _until.TryGetValue(user, out var until) && now < until ? until : null;
        }
    }

    public void Remember(PresenceKey user, DateTimeOffset until, DateTimeOffset now)
    {
        lock (_lock)
        {
            _until[user] = until;
            _order.Enqueue((user, until));
            DropExpired(now);
            while (_order.Count > mostEntries)
            {
                DropOldest();
            }
        }
    }

    public void Forget(PresenceKey user)
    {
        lock (_lock)
        {
            _until.Remove(user);
        }
    }

    /// <summary>Drops the entries whose window is over.</summary>
    /// <returns>How many are left.</returns>
    public int ClearExpired(DateTimeOffset now)
    {
        lock (_lock)
        {
            DropExpired(now);
            return _until.Count;
        }
    }

    private void DropExpired(DateTimeOffset now)
    {
        while (_order.TryPeek(out var oldest) && oldest.Until <= now)
        {
            DropOldest();
        }
    }

    private void DropOldest()
    {
        var (user, until) = _order.Dequeue();
        if (_until.TryGetValue(user, out var current) && current == until)
        {
            _until.Remove(user);
        }
    }
}
