using Presence.Core.Domain;

namespace Presence.Core.Throttle;

/// <summary>
/// The windows of some of the users, under a lock of their own that is never held for long. What happened is given in ticks of UTC, and now in
/// milliseconds of the clock that is never set; 0 stands for nothing.
/// </summary>
internal sealed class WindowShard(WindowLimits limits)
{
    /// <summary>So many slots are looked at in one go while others wait.</summary>
    private const int Slice = 1024;

    /// <summary>At the limit so many windows are compared: the one that ends soonest leaves.</summary>
    private const int Compared = 16;

    private readonly WindowTable _windows = new();

    // What is done under it takes nanoseconds most of the time: half of what a lock that lets threads sleep would take by itself.
    private SpinLock _lock = new(enableThreadOwnerTracking: false);

    // From when the moments in the windows count. It moves on now and then, because they have 32 bits: 49 days.
    private long _start;
    private int _kept;
    private int _hand;

    public long LastHeld(string id, uint tag)
    {
        using (Enter())
        {
            return _windows.Find(id, tag) is >= 0 and var slot ? _windows[slot].Held : 0;
        }
    }

    /// <returns>From when the user's next activity is recorded, where this one is inside the window; else 0.</returns>
    public long TryHold(string id, uint tag, long at, long now)
    {
        using (Enter())
        {
            var slot = _windows.Find(id, tag);
            if (slot < 0)
            {
                return 0;
            }

            ref var window = ref _windows[slot];
            if (window.NextRecordAt == 0 || now - _start >= window.Ends || at >= window.Known + limits.MostBehind)
            {
                return 0;
            }

            window.Hold(at, (uint)Math.Max(0, now - _start));
            return window.NextRecordAt;
        }
    }

    public void Remember(string id, uint tag, long nextRecordAt, long recorded, long held, long now, long ends)
    {
        using (Enter())
        {
            var moment = MomentOf(now);
            var slot = _windows.Find(id, tag) is >= 0 and var found ? found : _windows.Add(id, tag);
            ref var window = ref _windows[slot];
            SetKept(ref window, false);
            var (earlier, since) = (window.Held, window.HeldSince);
            (window.NextRecordAt, window.Known, window.Held) = (nextRecordAt, recorded, 0);
            window.Ends = moment + (uint)Math.Max(0, ends - now);
            window.Hold(earlier, since);
            window.Hold(held, moment);
            if (_windows.Count - _kept > limits.Most)
            {
                EndSoonest();
            }
        }
    }

    public void Told(string id, uint tag, long recorded)
    {
        using (Enter())
        {
            if (_windows.Find(id, tag) is >= 0 and var slot)
            {
                _windows[slot].Told(recorded);
            }
        }
    }

    public void Forget(string id, uint tag, long now)
    {
        using (Enter())
        {
            var moment = MomentOf(now);
            var slot = _windows.Find(id, tag);
            if (slot >= 0 && _windows[slot].Held != 0)
            {
                Keep(slot, moment, QuietFrom(_windows[slot]));
            }
            else if (slot >= 0)
            {
                Remove(slot);
            }
        }
    }

    public void PutBack(string id, uint tag, long at, long now, long quietFrom)
    {
        using (Enter())
        {
            var moment = MomentOf(now);
            if (_windows.Find(id, tag) is >= 0 and var newer)
            {
                _windows[newer].Hold(at, moment);
                return;
            }

            var slot = _windows.Add(id, tag);
            _windows[slot].Hold(at, moment);
            Keep(slot, moment, moment + (quietFrom - now));
        }
    }

    /// <summary>How many windows are open, once those that are over have ended.</summary>
    public int CountOpen(long now)
    {
        for (var from = 0; Pass(from, now, all: false, taken: null); from += Slice)
        {
        }

        using (Enter())
        {
            return _windows.Count - _kept;
        }
    }

    /// <summary>Ends the windows that are over, and takes out what is held back of those who have gone quiet, or of all.</summary>
    public void TakeQuiet(long now, bool all, List<(PresenceKey User, DateTimeOffset At)> taken)
    {
        for (var from = 0; Pass(from, now, all, taken); from += Slice)
        {
        }

        using (Enter())
        {
            _windows.Shrink();
        }
    }

    /// <returns>Whether there are further slots.</returns>
    private bool Pass(int from, long now, bool all, List<(PresenceKey User, DateTimeOffset At)>? taken)
    {
        using (Enter())
        {
            var moment = MomentOf(now);
            var end = Math.Min(from + Slice, _windows.Used);
            for (var slot = from; slot < end; slot++)
            {
                ref var window = ref _windows[slot];
                if (window.Id is null)
                {
                    continue;
                }

                if (!window.IsKept && moment >= window.Ends)
                {
                    End(slot);
                }

                if (taken is not null && window.Id is not null && (all || (window.IsKept && moment >= QuietFrom(window))))
                {
                    if (window.Held != 0)
                    {
                        taken.Add((window.User, new(window.Held, TimeSpan.Zero)));
                    }

                    Remove(slot);
                }
            }

            return end < _windows.Used;
        }
    }

    private void EndSoonest()
    {
        var (soonest, compared) = (-1, 0);
        for (var seen = 0; seen < _windows.Used && compared < Compared; seen++)
        {
            _hand = _hand < _windows.Used ? _hand : 0;
            ref var window = ref _windows[_hand];
            if (window.Id is not null && !window.IsKept)
            {
                soonest = soonest < 0 || window.Ends < _windows[soonest].Ends ? _hand : soonest;
                compared++;
            }

            _hand++;
        }

        End(soonest);
    }

    /// <summary>One that has to leave before its time throttles on while it holds something back: it is kept for that anyway.</summary>
    private void End(int slot)
    {
        if (_windows[slot].Held == 0 || _kept >= limits.Most)
        {
            Remove(slot);
        }
        else
        {
            SetKept(ref _windows[slot], true);
        }
    }

    /// <summary>Keeps what is held back of a user who has no window.</summary>
    private void Keep(int slot, uint moment, long quietFrom)
    {
        ref var window = ref _windows[slot];
        if (!window.IsKept && _kept >= limits.Most)
        {
            Remove(slot);
            return;
        }

        SetKept(ref window, true);
        (window.NextRecordAt, window.Known, window.HeldSince, window.Ends) = (0, 0, moment, (uint)quietFrom);
    }

    private void Remove(int slot)
    {
        SetKept(ref _windows[slot], false);
        _windows.Remove(slot);
    }

    private void SetKept(ref Window window, bool isKept)
    {
        _kept += (isKept ? 1 : 0) - (window.IsKept ? 1 : 0);
        window.IsKept = isKept;
    }

    private long QuietFrom(in Window window) => window.NextRecordAt == 0
        ? window.Ends
        : window.Ends + limits.QuietAfter + (Math.Clamp((long)window.Ends - window.HeldSince, 0, limits.RecordWindow) / 10);

    private uint MomentOf(long now)
    {
        // Somebody who looked at the clock a little later may have moved it on already.
        var moment = Math.Max(0, now - _start);
        if (moment <= int.MaxValue)
        {
            return (uint)moment;
        }

        for (var slot = 0; slot < _windows.Used; slot++)
        {
            ref var window = ref _windows[slot];
            window.Ends = (uint)Math.Max(0, window.Ends - moment);
            window.HeldSince = (uint)Math.Max(0, window.HeldSince - moment);
        }

        _start = now;
        return 0;
    }

    private Guard Enter()
    {
        var isTaken = false;
        _lock.Enter(ref isTaken);
        return new(ref _lock);
    }

    private readonly ref struct Guard(ref SpinLock taken)
    {
        private readonly ref SpinLock _taken = ref taken;

        public void Dispose() => _taken.Exit(useMemoryBarrier: false);
    }
}
