namespace Presence.Core.Concurrency;

/// <summary>Lets one caller through in each interval, and turns the others away at once. A clock that is set does not matter to it.</summary>
internal sealed class IntervalGate(TimeSpan interval, TimeProvider time)
{
    private readonly long _interval = (long)(interval.TotalSeconds * time.TimestampFrequency);
    private long _next = long.MinValue;

    /// <summary>Whether it is this caller's turn.</summary>
    public bool TryTake()
    {
        var now = time.GetTimestamp();
        var next = Interlocked.Read(ref _next);
        return now >= next && Interlocked.CompareExchange(ref _next, now + _interval, next) == next;
    }
}
