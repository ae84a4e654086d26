namespace Presence.Core.Throttle;

/// <summary>Counts this instance's activity calls.</summary>
internal sealed class ActivityCounter
{
    private long _total;
    private long _throttled;
    private long _recorded;
    private long _failed;

    /// <summary>The counts since this instance started.</summary>
    public ActivityCounts Current =>
        new(Interlocked.Read(ref _total), Interlocked.Read(ref _throttled), Interlocked.Read(ref _recorded), Interlocked.Read(ref _failed));

    public void Throttled()
    {
        Interlocked.Increment(ref _total);
        Interlocked.Increment(ref _throttled);
    }

    public void Recorded()
    {
        Interlocked.Increment(ref _total);
        Interlocked.Increment(ref _recorded);
    }

    public void Ignored() => Interlocked.Increment(ref _total);

    public void Failed()
    {
        Interlocked.Increment(ref _total);
        Interlocked.Increment(ref _failed);
    }
}
