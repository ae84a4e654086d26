using Presence.Core.Metrics;

namespace Presence.Core.Ports;

/// <summary>What became of the activity calls: one instance's since it started, or the sum over all since the last reset.</summary>
/// <param name="TotalRequests">Activity calls; those that say of themselves that they are none are not among them.</param>
/// <param name="ThrottledRequests">Calls that recorded nothing because the window was open.</param>
/// <param name="SuccessfulUpdates">Calls whose activity was recorded.</param>
/// <param name="FailedUpdates">Calls that failed, for example because the storage was out of reach.</param>
public readonly record struct ActivityCounts(long TotalRequests, long ThrottledRequests, long SuccessfulUpdates, long FailedUpdates)
{
    /// <summary>Throttled calls in percent of all, 0 to 100; 0 without calls.</summary>
    public double ThrottleRate => TotalRequests <= 0 ? 0 : Math.Round(100.0 * ThrottledRequests / TotalRequests, 2);

    /// <summary>The part of what was measured that is about activity calls.</summary>
    public static ActivityCounts Of(MetricTotals totals)
    {
        var counts = MetricCatalogue.ActivityRequests.Attributes[0].Values;
        return new(
            counts.Where(outcome => outcome != ActivityOutcome.Passive).Sum(outcome => Count(totals, outcome)),
            Count(totals, ActivityOutcome.Throttled),
            Count(totals, ActivityOutcome.Recorded),
            Count(totals, ActivityOutcome.Failed));
    }

    /// <summary>The difference of two counts.</summary>
    public static ActivityCounts operator -(ActivityCounts a, ActivityCounts b) => new(
        a.TotalRequests - b.TotalRequests,
        a.ThrottledRequests - b.ThrottledRequests,
        a.SuccessfulUpdates - b.SuccessfulUpdates,
        a.FailedUpdates - b.FailedUpdates);

    /// <summary>The difference of two counts.</summary>
    public static ActivityCounts Subtract(ActivityCounts left, ActivityCounts right) => left - right;

    private static long Count(MetricTotals totals, string outcome) => (long)totals.ValueOf(MetricCatalogue.ActivityRequests, outcome);
}
