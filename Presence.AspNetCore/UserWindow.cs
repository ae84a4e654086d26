namespace Presence.AspNetCore;

/// <summary>When a user was told of last, and seen last, by the monotonic clock: setting the time of the machine neither opens nor closes it.</summary>
internal sealed class UserWindow(long openedAt)
{
    private long _openedAt = openedAt;
    private long _lastSeen = long.MinValue;
    private long _toldSeen = long.MinValue;

    /// <summary>The last request.</summary>
    public long LastSeen => Volatile.Read(ref _lastSeen);

    /// <summary>Whether there was a request later than what was told.</summary>
    public bool Holds => Volatile.Read(ref _lastSeen) > Volatile.Read(ref _toldSeen);

    /// <summary>A request; of several at once the latest counts, give or take those moments.</summary>
    public void Saw(long now)
    {
        if (now > Volatile.Read(ref _lastSeen))
        {
            Volatile.Write(ref _lastSeen, now);
        }
    }

    public bool IsOver(long now, long window) => now - Volatile.Read(ref _openedAt) >= window;

    /// <summary>Opens a new window if the last is over. Of several at once one does.</summary>
    public bool TryOpen(long now, long window)
    {
        var opened = Volatile.Read(ref _openedAt);
        if (now - opened < window || Interlocked.CompareExchange(ref _openedAt, now, opened) != opened)
        {
            return false;
        }

        Told(LastSeen);
        return true;
    }

    /// <summary>The window counts as over.</summary>
    public void Reopen(long openedAt) => Volatile.Write(ref _openedAt, openedAt);

    /// <summary>What was seen until then is on its way.</summary>
    public void Told(long seen)
    {
        if (seen > Volatile.Read(ref _toldSeen))
        {
            Volatile.Write(ref _toldSeen, seen);
        }
    }
}

/// <summary>An activity that is to be told.</summary>
/// <param name="UserId">Whose.</param>
/// <param name="At">When, by the monotonic clock.</param>
/// <param name="Window">The user's window; null for one of whom none is remembered.</param>
/// <param name="Failures">How often it came back as failed.</param>
internal readonly record struct PendingActivity(string UserId, long At, UserWindow? Window, int Failures = 0)
{
    /// <summary>The latest that is known of the user: what came while it waited goes with it.</summary>
    public long LatestAt
    {
        get
        {
            if (Window is null)
            {
                return At;
            }

            var seen = Window.LastSeen;
            Window.Told(seen);
            return Math.Max(At, seen);
        }
    }
}
