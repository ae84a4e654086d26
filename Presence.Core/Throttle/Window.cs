using Presence.Core.Domain;

namespace Presence.Core.Throttle;

/// <summary>
/// What one instance remembers of one user, in 56 bytes, for there may be millions. All moments of the day but <see cref="Known"/> are given by
/// how many milliseconds they lie after that one; when the window ends, in milliseconds of the clock that is never set, since the start of the
/// shard that the user is in.
/// </summary>
internal struct Window
{
    /// <summary>The bits of a tag that are not of the hash.</summary>
    public const uint Flags = 7;

    /// <summary>In a tag: the user is an anonymous participant.</summary>
    public const uint Anonymous = 4;

    private const uint Kept = 1;
    private const uint Connected = 2;

    /// <summary>Last seen is told to the second: what is not later by so much than what is recorded need not be held.</summary>
    private const int Worthwhile = 1000;

    /// <summary>The user's id; null where nobody is remembered here.</summary>
    public string? Id;

    /// <summary>The last activity that the record holds, in ticks of UTC.</summary>
    public long Known;

    /// <summary>The ETag of the last record in short, where this instance made it; otherwise 0.</summary>
    public long RowTag;

    /// <summary>When the window ends. Where there is none: from when the user counts as quiet.</summary>
    public uint Ends;

    /// <summary>How long before the end of the window the last activity inside it was told, in units of the limits.</summary>
    public ushort HeldBefore;

    /// <summary>The hash of the user's key, and in its last bits what kind of user and of window it is.</summary>
    public uint Tag;

    /// <summary>The next slot of the same bucket, or the next free one; -1 for none.</summary>
    public int Next;

    private int _nextCall;
    private int _recorded;
    private int _held;
    private uint _issued;
    private ushort _issuedHigh;

    /// <summary>Whether it counts no more among the windows, and stays for what it holds back.</summary>
    public bool IsKept
    {
        readonly get => (Tag & Kept) != 0;
        set => Set(Kept, value);
    }

    /// <summary>Whether the user had a connection at the last record.</summary>
    public bool IsConnected
    {
        readonly get => (Tag & Connected) != 0;
        set => Set(Connected, value);
    }

    public readonly PresenceKey User => PresenceKey.Of(Id!, (Tag & Anonymous) != 0);

    /// <summary>Whether there is a window, and not just something held back.</summary>
    public readonly bool IsWindow => _nextCall != 0;

    /// <summary>When the user's client is to call next.</summary>
    public long NextCallAt
    {
        readonly get => Known + (_nextCall * TimeSpan.TicksPerMillisecond);
        set => _nextCall = AfterKnown(value) is not 0 and var after ? after : 1;
    }

    /// <summary>From when the window counts: it ends a record window later, unless the last activity was told late.</summary>
    public long RecordedAt
    {
        readonly get => Known + (_recorded * TimeSpan.TicksPerMillisecond);
        set => _recorded = AfterKnown(value);
    }

    /// <summary>When the credentials were issued that were good for the last record, to the millisecond.</summary>
    public long IssuedAt
    {
        readonly get => (((long)_issuedHigh << 32) | _issued) * TimeSpan.TicksPerMillisecond;
        set => (_issued, _issuedHigh) = ((uint)(value / TimeSpan.TicksPerMillisecond), (ushort)(value / TimeSpan.TicksPerMillisecond >> 32));
    }

    /// <summary>The last activity inside the window; 0 for none.</summary>
    public readonly long Held => _held == 0 ? 0 : Known + (_held * TimeSpan.TicksPerMillisecond);

    /// <summary>From how long after <see cref="Known"/> the window counts, in milliseconds.</summary>
    public readonly int RecordedAfter => _recorded;

    /// <summary>How long after <see cref="Known"/> the user's client is to call next, in milliseconds.</summary>
    public readonly int NextCallAfter => _nextCall;

    public void Hold(long at, ushort before)
    {
        if (AfterKnown(at) is var after && after >= Worthwhile && after > _held)
        {
            (_held, HeldBefore) = (after, before);
        }
    }

    public void Told(long activity)
    {
        if (activity > Known)
        {
            // The row is not what it was.
            RowTag = 0;
            var (nextCallAt, recordedAt, held) = (NextCallAt, RecordedAt, Held);
            Known = activity;
            (_nextCall, _recorded) = (_nextCall == 0 ? 0 : AfterKnown(nextCallAt), AfterKnown(recordedAt));
            _held = held == 0 ? 0 : AfterKnown(held);
        }

        _held = _held < Worthwhile ? 0 : _held;
    }

    /// <summary>There is no window any more, only what it holds back.</summary>
    public void Close() => (_nextCall, RowTag) = (0, 0);

    /// <summary>Nothing is held back any more.</summary>
    public void Release() => _held = 0;

    // What lies further off than 24 days is taken for 24 days: that is more than any setting asks about.
    private readonly int AfterKnown(long moment) =>
        (int)Math.Clamp((moment - Known) / TimeSpan.TicksPerMillisecond, -int.MaxValue, int.MaxValue);

    private void Set(uint flag, bool isSet) => Tag = isSet ? Tag | flag : Tag & ~flag;
}
