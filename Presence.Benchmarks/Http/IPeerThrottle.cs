namespace Presence.Benchmarks.Http;

/// <summary>Another way to record an activity at most once a minute over all instances.</summary>
public interface IPeerThrottle
{
    /// <returns>Whether it was recorded within the last minute already.</returns>
    ValueTask<bool> IsThrottledAsync(string user);
}
