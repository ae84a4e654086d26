using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Throttle;

/// <summary>
/// Until when one instance need not look at a user's activity again, and what it has seen of the user meanwhile. Measured in monotonic time:
/// a clock that is set back silences nobody. Bounded: at the limit those leave first that would leave soonest. What is not in here is looked
/// up in storage, so losing an entry costs a request, and what it held back, never more.
/// </summary>
internal sealed class ActivityWindow(IOptions<PresenceOptions> options, TimeProvider time) : IHeldActivity
{
    private readonly PresenceOptions _options = options.Value;
    private readonly Lock _lock = new();
    private readonly Dictionary<PresenceKey, Entry> _entries = [];

    // In the order in which their windows end. An entry that has left, or was replaced, is passed over.
    private readonly PriorityQueue<(PresenceKey User, Entry Entry), long> _order = new();

    // Those whose window is over while something is held back: from when they count as quiet, and when that must be written at the latest, as
    // timestamps of the clock. Each of them is among the entries.
    private readonly Dictionary<PresenceKey, (long From, long Due)> _quiet = [];

    /// <summary>How many windows are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                EndWindows();
                return _entries.Count - _quiet.Count;
            }
        }
    }

    public DateTimeOffset? LastHeld(PresenceKey user)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(user, out var entry) ? entry.Held : null;
        }
    }

    /// <summary>
    /// From when the user's next activity is recorded, if this one is inside the window: then it is held back. Null if it must be looked up
    /// in storage.
    /// </summary>
    /// <param name="user">Who was active.</param>
    /// <param name="at">When.</param>
    public DateTimeOffset? TryHold(PresenceKey user, DateTimeOffset at)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (!_entries.TryGetValue(user, out var entry) || now >= entry.Ends || at >= entry.Known + _options.MostBehind)
            {
                return null;
            }

            entry.Hold(at, now);
            return entry.NextCallAt;
        }
    }

    /// <summary>The last record, where this instance made it and remembers the user; null otherwise.</summary>
    public LastRecord? OwnOf(PresenceKey user)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(user, out var entry) ? entry.Own : null;
        }
    }

    /// <summary>Opens a window. What an earlier one held back, and is not in the record, is held back on.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="nextCallAt">When the client is to call next: the answer to callers.</param>
    /// <param name="recorded">The last activity that the record holds.</param>
    /// <param name="held">An activity that was not recorded; null for none.</param>
    /// <param name="ends">From when the user's next activity is recorded here; null where that is when the client is to call next.</param>
    /// <param name="own">The last record, where this instance made it.</param>
    public void Remember(
        PresenceKey user, DateTimeOffset nextCallAt, DateTimeOffset recorded, DateTimeOffset? held, DateTimeOffset? ends = null, LastRecord? own = null)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var entry = new Entry(
                nextCallAt, After(now, EndOf(ends ?? nextCallAt, recorded) - time.GetUtcNow()), recorded, own,
                After(now, recorded + _options.WrittenAfter - time.GetUtcNow()));
            if (Leave(user) is { Held: { } earlier } last)
            {
                entry.Hold(earlier, last.HeldSince);
            }

            if (held is { } at)
            {
                entry.Hold(at, now);
            }

            _entries[user] = entry;
            _order.Enqueue((user, entry), entry.Ends);
            EndWindows();
            while (_order.Count > _options.MaxThrottleEntries)
            {
                EndSoonest();
            }
        }
    }

    /// <summary>
    /// Where the last activity was told late, a window ends sooner here than in the record: what it holds back must be written before its user
    /// would be taken for gone, and that counts from what the user did.
    /// </summary>
    private DateTimeOffset EndOf(DateTimeOffset ends, DateTimeOffset recorded) =>
        recorded + _options.MostBehind is var soonest && soonest < ends ? soonest : ends;

    /// <summary>What a window has held back up to the moment given is in the record now.</summary>
    public void Told(PresenceKey user, DateTimeOffset recorded)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(user, out var entry))
            {
                entry.Told(recorded);
            }
        }
    }

    /// <summary>Ends a window: the user's next activity must reach storage. What is held back is written when it would have been.</summary>
    public void Forget(PresenceKey user)
    {
        lock (_lock)
        {
            var quietFrom = _quiet.TryGetValue(user, out var quiet) ? quiet.From : (long?)null;
            if (Leave(user) is { Held: { } at } entry)
            {
                Keep(user, at, quietFrom ?? QuietFrom(entry));
            }
        }
    }

    /// <summary>
    /// Takes out what is held back of users who have gone quiet, and must be written now, lest they are taken for gone. The later one was last
    /// active, the earlier it is taken, so that of several instances the one that knows best writes first.
    /// </summary>
    /// <param name="all">Takes out everything held back, because this instance ends.</param>
    public IReadOnlyList<(PresenceKey User, DateTimeOffset At)> TakeQuiet(bool all = false)
    {
        lock (_lock)
        {
            EndWindows();
            var now = time.GetTimestamp();
            var taken = new List<(PresenceKey, DateTimeOffset)>();
            foreach (var user in all ? _entries.Keys.ToList() : [.. _quiet.Where(q => now >= q.Value.Due).Select(q => q.Key)])
            {
                if (Leave(user) is { Held: { } at })
                {
                    taken.Add((user, at));
                }
            }

            return taken;
        }
    }

    /// <summary>
    /// What is held back of users whose window is over, and who have not called for a further while: most have gone on calling, but elsewhere.
    /// </summary>
    public IReadOnlyList<(PresenceKey User, DateTimeOffset At)> Quiet()
    {
        lock (_lock)
        {
            EndWindows();
            var now = time.GetTimestamp();
            var quiet = new List<(PresenceKey, DateTimeOffset)>();
            foreach (var (user, _) in _quiet.Where(q => now >= q.Value.From))
            {
                if (_entries[user].Held is { } at)
                {
                    quiet.Add((user, at));
                }
            }

            return quiet;
        }
    }

    /// <summary>Puts back what could not be written, to be taken again a second later, or with what has been held back meanwhile.</summary>
    public void PutBack(PresenceKey user, DateTimeOffset at)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_entries.TryGetValue(user, out var newer))
            {
                newer.Hold(at, now);
            }
            else
            {
                Keep(user, at, After(now, TimeSpan.FromSeconds(1)));
            }
        }
    }

    private void EndWindows()
    {
        var now = time.GetTimestamp();
        while (_order.TryPeek(out _, out var ends) && ends <= now)
        {
            EndSoonest();
        }
    }

    private void EndSoonest()
    {
        var (user, entry) = _order.Dequeue();
        if (!_entries.TryGetValue(user, out var current) || current != entry)
        {
            return;
        }

        // One that has to leave before its time throttles on while it holds something back: it is kept for that anyway.
        if (entry.Held is null || _quiet.Count >= _options.MaxThrottleEntries)
        {
            _entries.Remove(user);
        }
        else
        {
            var from = QuietFrom(entry);
            _quiet[user] = (from, Math.Max(from, entry.Due + (from - After(entry.Ends, _options.QuietAfter))));
        }
    }

    /// <summary>Keeps what is held back of a user who has no window.</summary>
    private void Keep(PresenceKey user, DateTimeOffset at, long quietFrom)
    {
        if (_quiet.Count < _options.MaxThrottleEntries)
        {
            var now = time.GetTimestamp();
            _entries[user] = new Entry(time.GetUtcNow(), now, DateTimeOffset.MinValue, own: null, quietFrom);
            _entries[user].Hold(at, now);
            _quiet[user] = (quietFrom, quietFrom);
        }
    }

    private Entry? Leave(PresenceKey user)
    {
        _quiet.Remove(user);
        return _entries.Remove(user, out var entry) ? entry : null;
    }

    private long QuietFrom(Entry entry)
    {
        var ticks = Math.Clamp(time.GetElapsedTime(entry.HeldSince, entry.Ends).Ticks, 0, _options.RecordWindow.Ticks);
        return After(entry.Ends, _options.QuietAfter + (new TimeSpan(ticks) / 10));
    }

    private long After(long timestamp, TimeSpan span) => timestamp + (long)(span.TotalSeconds * time.TimestampFrequency);

    private sealed class Entry(DateTimeOffset nextCallAt, long ends, DateTimeOffset recorded, LastRecord? own, long due)
    {
        /// <summary>Last seen is told to the second: what is not later by so much than what is recorded need not be held.</summary>
        private static readonly TimeSpan Worthwhile = TimeSpan.FromSeconds(1);

        public DateTimeOffset NextCallAt => nextCallAt;

        /// <summary>The last record, where this instance made it.</summary>
        public LastRecord? Own => own;

        /// <summary>When what is held back must be written at the latest, lest its user is taken for gone: as a timestamp of the clock.</summary>
        public long Due => due;

        /// <summary>When the window ends, as a timestamp of the clock.</summary>
        public long Ends => ends;

        /// <summary>The last activity that the record holds.</summary>
        public DateTimeOffset Known { get; private set; } = recorded;

        /// <summary>The last activity inside the window.</summary>
        public DateTimeOffset? Held { get; private set; }

        /// <summary>When it was told, as a timestamp of the clock.</summary>
        public long HeldSince { get; private set; }

        public void Hold(DateTimeOffset at, long now)
        {
            if (at >= Known + Worthwhile && !(Held >= at))
            {
                (Held, HeldSince) = (at, now);
            }
        }

        public void Told(DateTimeOffset activity)
        {
            Known = activity > Known ? activity : Known;
            Held = Held < Known + Worthwhile ? null : Held;
        }
    }
}
