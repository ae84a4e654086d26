using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Throttle;

/// <summary>
/// Until when one instance need not look at a user's activity again, and what it has seen of the user meanwhile. Measured in monotonic time:
/// a clock that is set back silences nobody. Bounded: at the limit the oldest leave first. What is not in here is looked up in storage, so
/// losing an entry costs a request, never correctness.
/// </summary>
internal sealed class ActivityWindow(IOptions<PresenceOptions> options, TimeProvider time) : IHeldActivity
{
    private readonly PresenceOptions _options = options.Value;
    private readonly Lock _lock = new();
    private readonly Dictionary<PresenceKey, Entry> _entries = [];

    // In the order in which their windows end. An entry that has left, or was replaced, is passed over.
    private readonly Queue<(PresenceKey User, Entry Entry)> _order = [];

    // Those whose window is over while something is held back, and from when they count as quiet, as a timestamp of the clock.
    private readonly Dictionary<PresenceKey, (Entry Entry, long From)> _quiet = [];

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
            if (!_entries.TryGetValue(user, out var entry) || time.GetTimestamp() >= entry.Ends)
            {
                return null;
            }

            entry.Hold(at, time.GetTimestamp());
            return entry.NextRecordAt;
        }
    }

    /// <summary>Opens a window.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="nextRecordAt">When it ends: the answer to callers.</param>
    /// <param name="recorded">The last activity that the record holds.</param>
    /// <param name="held">An activity that was not recorded; null for none.</param>
    public void Remember(PresenceKey user, DateTimeOffset nextRecordAt, DateTimeOffset recorded, DateTimeOffset? held)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var entry = new Entry(nextRecordAt, After(now, nextRecordAt - time.GetUtcNow()), recorded);
            if (held is { } at)
            {
                entry.Hold(at, now);
            }

            _quiet.Remove(user);
            _entries[user] = entry;
            _order.Enqueue((user, entry));
            EndWindows();
            while (_order.Count > _options.MaxThrottleEntries)
            {
                EndOldest();
            }
        }
    }

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

    /// <summary>Drops a window: the user's next activity must reach storage.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="keepHeld">Whether what it held back is still to be written.</param>
    public void Forget(PresenceKey user, bool keepHeld)
    {
        lock (_lock)
        {
            _quiet.Remove(user);
            if (_entries.Remove(user, out var entry) && keepHeld && entry.Held is { } at)
            {
                PutBack(user, at);
            }
        }
    }

    /// <summary>
    /// Takes out what is held back of users who have gone quiet: whose window is over, and who have not called for a further while. The
    /// later one was last active, the earlier it is taken, so that of several instances the one that knows best writes first.
    /// </summary>
    /// <param name="all">Takes out everything held back, because this instance ends.</param>
    public IReadOnlyList<(PresenceKey User, DateTimeOffset At)> TakeQuiet(bool all = false)
    {
        lock (_lock)
        {
            EndWindows();
            var now = time.GetTimestamp();
            var users = all ? _entries.Keys.ToList() : [.. _quiet.Where(q => now >= q.Value.From).Select(q => q.Key)];
            var taken = new List<(PresenceKey, DateTimeOffset)>();
            foreach (var user in users)
            {
                _quiet.Remove(user);
                if (_entries.Remove(user, out var entry) && entry.Held is { } at)
                {
                    taken.Add((user, at));
                }
            }

            return taken;
        }
    }

    /// <summary>Puts back what could not be written, to be taken again a second later.</summary>
    public void PutBack(PresenceKey user, DateTimeOffset at)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var entry = new Entry(time.GetUtcNow(), now, DateTimeOffset.MinValue);
            entry.Hold(at, now);
            if (_entries.TryAdd(user, entry))
            {
                _quiet[user] = (entry, After(now, TimeSpan.FromSeconds(1)));
            }
        }
    }

    private void EndWindows()
    {
        var now = time.GetTimestamp();
        while (_order.TryPeek(out var oldest) && oldest.Entry.Ends <= now)
        {
            EndOldest();
        }
    }

    private void EndOldest()
    {
        var (user, entry) = _order.Dequeue();
        if (!_entries.TryGetValue(user, out var current) || current != entry)
        {
            return;
        }

        if (entry.Held is null)
        {
            _entries.Remove(user);
        }
        else
        {
            _quiet[user] = (entry, QuietFrom(entry));
        }
    }

    private long QuietFrom(Entry entry)
    {
        var mostEarly = _options.RecordWindow / 10;
        var early = time.GetElapsedTime(entry.HeldSince, entry.Ends) / 10;
        return After(entry.Ends, _options.QuietAfter + (early < mostEarly ? early : mostEarly));
    }

    private long After(long timestamp, TimeSpan span) => timestamp + (long)(span.TotalSeconds * time.TimestampFrequency);

    private sealed class Entry(DateTimeOffset nextRecordAt, long ends, DateTimeOffset recorded)
    {
        /// <summary>Last seen is told to the second: what is not later by so much than what is recorded need not be held.</summary>
        private static readonly TimeSpan Worthwhile = TimeSpan.FromSeconds(1);

        private DateTimeOffset _known = recorded;

        public DateTimeOffset NextRecordAt => nextRecordAt;

        /// <summary>When the window ends, as a timestamp of the clock.</summary>
        public long Ends => ends;

        /// <summary>The last activity inside the window.</summary>
        public DateTimeOffset? Held { get; private set; }

        /// <summary>When it was told, as a timestamp of the clock.</summary>
        public long HeldSince { get; private set; }

        public void Hold(DateTimeOffset at, long now)
        {
            if (at >= _known + Worthwhile && !(Held >= at))
            {
                (Held, HeldSince) = (at, now);
            }
        }

        public void Told(DateTimeOffset activity)
        {
            _known = activity > _known ? activity : _known;
            Held = Held < _known + Worthwhile ? null : Held;
        }
    }
}
