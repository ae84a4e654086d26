using Presence.Core.Domain;

namespace Presence.Core.Throttle;

/// <summary>
/// What one instance remembers of one user: kept small, for there may be millions. Moments of the day are ticks in UTC; those of the clock
/// that is never set are milliseconds since the start of the shard that the user is in.
/// </summary>
internal struct Window
{
    /// <summary>In a tag: the user is an anonymous participant.</summary>
    public const uint Anonymous = 2;

    /// <summary>In a tag: <see cref="IsKept"/>.</summary>
    public const uint Kept = 1;

    /// <summary>The user's id; null where nobody is remembered here.</summary>
    public string? Id;

    /// <summary>The answer to callers; 0 where there is no window, only something held back.</summary>
    public long NextRecordAt;

    /// <summary>The last activity that the record holds.</summary>
    public long Known;

    /// <summary>The last activity inside the window; 0 for none.</summary>
    public long Held;

    /// <summary>When the window ends. Where there is none: from when the user counts as quiet.</summary>
    public uint Ends;

    /// <summary>When the last activity inside the window was told.</summary>
    public uint HeldSince;

    /// <summary>The hash of the user's key, and in its last two bits what kind of user it is and whether this is kept.</summary>
    public uint Tag;

    /// <summary>The next slot of the same bucket, or the next free one; -1 for none.</summary>
    public int Next;

    // Last seen is told to the second: what is not later by so much than what is recorded need not be held.
    private const long Worthwhile = TimeSpan.TicksPerSecond;

    /// <summary>Whether it counts no more among the windows, and stays for what it holds back.</summary>
    public bool IsKept
    {
        readonly get => (Tag & Kept) != 0;
        set => Tag = value ? Tag | Kept : Tag & ~Kept;
    }

    public readonly PresenceKey User => PresenceKey.Of(Id!, (Tag & Anonymous) != 0);

    public void Hold(long at, uint since)
    {
        if (at >= Known + Worthwhile && at > Held)
        {
            (Held, HeldSince) = (at, since);
        }
    }

    public void Told(long activity)
    {
        Known = Math.Max(Known, activity);
        if (Held < Known + Worthwhile)
        {
            Held = 0;
        }
    }
}
