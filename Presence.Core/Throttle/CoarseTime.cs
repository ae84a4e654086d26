namespace Presence.Core.Throttle;

/// <summary>
/// The system's clock, but its timestamp is the one that the operating system keeps ready: exact to 1 to 16 ms, depending on the system, and
/// several times cheaper to read. To read a clock is a good part of what a throttled call costs.
/// </summary>
internal sealed class CoarseTime : TimeProvider
{
    private static readonly CoarseTime Instance = new();

    private CoarseTime()
    {
    }

    public override long TimestampFrequency => 1000;

    /// <summary>The same clock, coarse where it is the system's; any other, of a test, say, is as it is.</summary>
    public static TimeProvider Of(TimeProvider time) => ReferenceEquals(time, System) ? Instance : time;

    public override long GetTimestamp() => Environment.TickCount64;
}
