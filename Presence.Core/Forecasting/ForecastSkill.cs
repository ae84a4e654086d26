namespace Presence.Core.Forecasting;

/// <summary>
/// How much better forecasts were than the base rate alone, by Brier's score: the square of what a probability was off, at the moments of an hour
/// in which the user was here and at the others. (Brier 1950; Murphy 1973.)
/// </summary>
internal static class ForecastSkill
{
    /// <summary>Weeks longer ago say little of how good forecasts are now.</summary>
    private const int WeeksJudged = 12;

    /// <summary>Forecasts that are better by less help nobody.</summary>
    private const double Least = 0.03;

    /// <summary>So many standard errors of the mean difference it must be better, so that luck does not pass for skill.</summary>
    private const double StandardErrors = 2.5;

    /// <summary>The mean square by which a probability is off in an hour of which the user was here that share.</summary>
    public static double Loss(double probability, double share) =>
        (share * (1 - probability) * (1 - probability)) + ((1 - share) * probability * probability);

    /// <summary>The mean losses of a week: of the forecast, and of the base rate.</summary>
    public static (double Forecast, double BaseRate) Losses(JudgedWeek week)
    {
        var (forecast, baseRate) = (0d, 0d);
        for (var i = 0; i < week.Shares.Length; i++)
        {
            forecast += Loss(week.Probabilities[i], week.Shares[i]);
            baseRate += Loss(week.BaseRate, week.Shares[i]);
        }

        return (forecast / week.Shares.Length, baseRate / week.Shares.Length);
    }

    /// <summary>Whether forecasts of these weeks were better than the base rate, and not by luck: day by day, and week by week, since days go together.</summary>
    public static bool IsProven(IEnumerable<JudgedWeek> judged)
    {
        List<double> days = [], weeks = [];
        var loss = 0d;
        foreach (var week in judged.TakeLast(WeeksJudged))
        {
            var betterInWeek = 0d;
            for (var day = 0; day < week.Shares.Length; day += HourGrid.Day)
            {
                var better = 0d;
                for (var i = day; i < day + HourGrid.Day; i++)
                {
                    var baseLoss = Loss(week.BaseRate, week.Shares[i]);
                    better += baseLoss - Loss(week.Probabilities[i], week.Shares[i]);
                    loss += baseLoss;
                }

                days.Add(better);
                betterInWeek += better;
            }

            weeks.Add(betterInWeek);
        }

        return loss > 0 && days.Sum() >= Least * loss && IsNoLuck(days) && IsNoLuck(weeks);
    }

    private static bool IsNoLuck(List<double> better)
    {
        if (better.Count < 2)
        {
            return false;
        }

        var mean = better.Average();
        var variance = better.Sum(one => (one - mean) * (one - mean)) / (better.Count - 1);
        return mean > StandardErrors * Math.Sqrt(variance / better.Count);
    }
}
