using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.Throttle;

/// <summary>
/// The windows of some of the users, under a lock of their own that is never held for long. What happened is given in ticks of UTC, and now in
/// milliseconds of the clock that is never set; 0 stands for nothing.
/// </summary>
internal sealed class WindowShard(WindowLimits initial)
{
    /// <summary>So many slots are looked at in one go while others wait.</summary>
    private const int Slice = 1024;

    /// <summary>At the limit so many windows are compared: the one that ends soonest leaves.</summary>
    private const int Compared = 16;

    /// <summary>How far before now the windows' moments start, when the start is moved on: 12 days in which a window may have ended.</summary>
    private const uint Before = 1 << 30;

    /// <summary>Stands for a tag that is kept apart.</summary>
    private const long StrangeTag = -1;

    private readonly WindowTable _windows = new();
    private volatile WindowLimits _limits = initial;

    // What is done under it takes nanoseconds most of the time: half of what a lock that lets threads sleep would take by itself.
    private SpinLock _lock = new(enableThreadOwnerTracking: false);

    // From when the moments in the windows count. It moves on now and then, because they have 32 bits: 49 days.
    private long _start;
    private int _kept;
    private int _hand;

    // Tags of another kind than that of Table Storage, by the slot of the window: there are none but in tests.
    private Dictionary<int, string>? _strangeTags;

    /// <summary>What holds from now on, of windows that are open as well.</summary>
    public void Use(WindowLimits limits) => _limits = limits;

    public long LastHeld(string id, uint tag)
    {
        using (Enter())
        {
            return _windows.Find(id, tag) is >= 0 and var slot ? _windows[slot].Held : 0;
        }
    }

    /// <returns>When the user's client is to call next, where this call is inside the window; else 0.</returns>
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
            var left = window.Ends - Math.Max(0, now - _start);
            if (!window.IsWindow || left <= 0 || at >= window.Known + _limits.MostBehindTicks)
            {
                return 0;
            }

            window.Hold(at, _limits.ToUnits(left));
            return window.NextCallAt;
        }
    }

    public LastRecord? OwnOf(string id, uint tag)
    {
        using (Enter())
        {
            var slot = _windows.Find(id, tag);
            if (slot < 0 || _windows[slot].RowTag == 0)
            {
                return null;
            }

            ref var window = ref _windows[slot];
            var rowTag = window.RowTag == StrangeTag ? _strangeTags?.GetValueOrDefault(slot) : RowTags.Unpack(window.RowTag);
            return new(Moment(window.RecordedAt), Moment(window.Known), window.IsConnected, Moment(window.IssuedAt), rowTag);
        }
    }

    public void Remember(string id, uint tag, long nextCallAt, long recorded, long held, LastRecord? own, long now, long utcNow)
    {
        using (Enter())
        {
            var moment = MomentOf(now);
            var slot = _windows.Find(id, tag) is >= 0 and var found ? found : _windows.Add(id, tag);
            ref var window = ref _windows[slot];
            SetKept(ref window, false);
            var (earlier, since) = (window.Held, window.Ends - _limits.FromUnits(window.HeldBefore));
            window.Release();
            window.Known = recorded;
            window.NextCallAt = nextCallAt;
            window.RecordedAt = own?.RecordedAt.UtcTicks ?? nextCallAt - (_limits.RecordWindow * TimeSpan.TicksPerMillisecond);
            var lasts = (Math.Min(nextCallAt, recorded + _limits.MostBehindTicks) - utcNow) / TimeSpan.TicksPerMillisecond;
            window.Ends = (uint)Math.Clamp(moment + lasts, 0, uint.MaxValue);
            SetOwn(slot, ref window, own);
            window.Hold(earlier, _limits.ToUnits(window.Ends - since));
            window.Hold(held, _limits.ToUnits(window.Ends - (long)moment));
            if (_windows.Count - _kept > _limits.Most)
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
                _windows[newer].Hold(at, _limits.ToUnits(_windows[newer].Ends - (long)moment));
                return;
            }

            var slot = _windows.Add(id, tag);
            _windows[slot].Known = at - TimeSpan.TicksPerSecond;
            _windows[slot].Hold(at, 0);
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
            if (_strangeTags is not { Count: > 0 })
            {
                _windows.Shrink();
            }
        }
    }

    /// <summary>What is held back of users who have gone quiet, whether or not it must be written.</summary>
    public void Quiet(long now, List<(PresenceKey User, DateTimeOffset At)> quiet)
    {
        for (var from = 0; ; from += Slice)
        {
            using (Enter())
            {
                var moment = MomentOf(now);
                var end = Math.Min(from + Slice, _windows.Used);
                for (var slot = from; slot < end; slot++)
                {
                    ref var window = ref _windows[slot];
                    if (window.Id is not null && window.Held != 0 && moment >= window.Ends && moment >= QuietFrom(window))
                    {
                        quiet.Add((window.User, Moment(window.Held)));
                    }
                }

                if (end == _windows.Used)
                {
                    return;
                }
            }
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

                if (taken is not null && window.Id is not null && (all || (window.IsKept && moment >= DueAt(window))))
                {
                    if (window.Held != 0)
                    {
                        taken.Add((window.User, Moment(window.Held)));
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
        if (_windows[slot].Held == 0 || _kept >= _limits.Most)
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
        if (!window.IsKept && _kept >= _limits.Most)
        {
            Remove(slot);
            return;
        }

        SetKept(ref window, true);
        window.Close();
        window.Ends = (uint)quietFrom;
        window.HeldBefore = _limits.ToUnits(quietFrom - moment);
    }

    private void Remove(int slot)
    {
        _strangeTags?.Remove(slot);
        SetKept(ref _windows[slot], false);
        _windows.Remove(slot);
    }

    private void SetKept(ref Window window, bool isKept)
    {
        _kept += (isKept ? 1 : 0) - (window.IsKept ? 1 : 0);
        window.IsKept = isKept;
    }

    private void SetOwn(int slot, ref Window window, LastRecord? own)
    {
        _strangeTags?.Remove(slot);
        window.RowTag = RowTags.Pack(own?.Tag);
        if (own?.Tag is null)
        {
            return;
        }

        (window.IsConnected, window.IssuedAt) = (own.IsConnected, own.IssuedAt.UtcTicks);
        if (window.RowTag == 0)
        {
            window.RowTag = StrangeTag;
            (_strangeTags ??= [])[slot] = own.Tag;
        }
    }

    /// <summary>From when the user counts as quiet: the later it was last active, the earlier.</summary>
    private long QuietFrom(in Window window) =>
        window.IsWindow ? window.Ends + _limits.QuietAfter + (_limits.FromUnits(window.HeldBefore) / 10) : window.Ends;

    /// <summary>When what is held back must be written at the latest, lest its user is taken for gone; in the same order as they go quiet.</summary>
    private long DueAt(in Window window)
    {
        if (!window.IsWindow)
        {
            return window.Ends;
        }

        // By how much the end of the window lies after the last activity in the record: by more, where it was opened when windows were wider.
        var ended = Math.Max(
            Math.Min(window.RecordedAfter + _limits.RecordWindow, _limits.MostBehind), window.NextCallAfter - _limits.MostWaiting);
        return Math.Max(QuietFrom(window), window.Ends + (_limits.WrittenAfter - ended) + (_limits.FromUnits(window.HeldBefore) / 10));
    }

    private uint MomentOf(long now)
    {
        // Somebody who looked at the clock a little later may have moved the start on already.
        var moment = Math.Max(0, now - _start);
        if (moment <= int.MaxValue)
        {
            return (uint)moment;
        }

        for (var slot = 0; slot < _windows.Used; slot++)
        {
            ref var window = ref _windows[slot];
            window.Ends = (uint)Math.Max(0, window.Ends - (moment - Before));
        }

        _start = now - Before;
        return Before;
    }

    private static DateTimeOffset Moment(long ticks) => new(ticks, TimeSpan.Zero);

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
