namespace Presence.Core.Concurrency;

/// <summary>Lets one caller through in each interval, and turns the others away at once.</summary>
internal sealed class IntervalGate(TimeSpan interval, TimeProvider time)
{
    private long _nextTicks;

    /// <summary>Whether it is this caller's turn.</summary>
    public bool TryTake()
    {
        var now = time.GetUtcNow().UtcTicks;
        var next = Interlocked.Read(ref _nextTicks);
        return now >= next && Interlocked.CompareExchange(ref _nextTicks, now + interval.Ticks, next) == next;
    }
}
