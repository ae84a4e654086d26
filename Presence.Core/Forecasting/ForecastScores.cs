using Presence.Core.Domain;
using Presence.Core.Metrics;

namespace Presence.Core.Forecasting;

/// <summary>
/// Adds to the metrics how good forecasts were, once per user and day (UTC) and instance. Of the day under way it remembers whom it has counted, so
/// many at most; the others are not counted.
/// </summary>
public sealed class ForecastScores(PresenceMetrics metrics, TimeProvider time)
{
    internal const int Most = 100_000;

    private readonly Lock _lock = new();
    private readonly HashSet<PresenceKey> _counted = [];
    private DateOnly _day;

    /// <summary>Counts a week that is over.</summary>
    internal void Add(PresenceKey user, JudgedWeek week)
    {
        if (!IsFirst(user))
        {
            return;
        }

        var (forecast, baseRate) = ForecastSkill.Losses(week);
        metrics.ForecastJudged(forecast, baseRate);
        foreach (var hours in week.Probabilities.Zip(week.Shares).GroupBy(hour => MetricCatalogue.ForecastProbabilityOf(hour.First)))
        {
            metrics.ForecastCameTrue(hours.Key, hours.Sum(hour => hour.Second), hours.Count());
        }
    }

    private bool IsFirst(PresenceKey user)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        lock (_lock)
        {
            if (_day != today)
            {
                _day = today;
                _counted.Clear();
            }

            return _counted.Count < Most && _counted.Add(user);
        }
    }
}
