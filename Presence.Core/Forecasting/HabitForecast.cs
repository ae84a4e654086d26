namespace Presence.Core.Forecasting;

/// <summary>What was forecast of a week that is over, and what came of it.</summary>
/// <param name="Probabilities">Of each hour, how likely it was held that the user is here.</param>
/// <param name="BaseRate">The share of all hours before in which it was.</param>
/// <param name="Shares">Of each hour, how much of it the user was here.</param>
internal sealed record JudgedWeek(double[] Probabilities, double BaseRate, double[] Shares);

/// <summary>
/// How likely a user is here in each hour of the coming week, by its own past alone; and the same of each week of that past, forecast from what was
/// known before it.
/// </summary>
/// <param name="Probabilities">Of each hour of the coming week.</param>
/// <param name="Judged">The weeks that are over, the oldest first.</param>
internal sealed record HabitForecast(double[] Probabilities, IReadOnlyList<JudgedWeek> Judged)
{
    /// <summary>The first weeks are only learnt from.</summary>
    public const int WeeksToBegin = 2;

    /// <summary>Forecasts.</summary>
    /// <param name="shares">Of each hour up to now, how much of it the user was here; whole weeks, more than <see cref="WeeksToBegin"/>.</param>
    /// <param name="hoursOfWeek">Of these and of those of the coming week, which they are.</param>
    public static HabitForecast Of(ReadOnlySpan<double> shares, ReadOnlySpan<int> hoursOfWeek)
    {
        var habits = new HabitFeatures();
        var regression = new HabitRegression(HabitFeatures.Weights, HabitFeatures.Deviations);
        var calibration = new Calibration();
        var features = new double[HourGrid.Week * HabitFeatures.Count];
        List<JudgedWeek> judged = [];
        var sum = 0d;
        for (var known = 0; ; known += HourGrid.Week)
        {
            var baseRate = known == 0 ? 0 : sum / known;
            double[] held = [], probabilities = [];
            if (known >= WeeksToBegin * HourGrid.Week)
            {
                habits.Write(shares[..known], hoursOfWeek, baseRate, features);
                held = HeldBy(regression, Odds.Log(baseRate), features);
                probabilities = [.. held.Select(calibration.Of)];
            }

            if (known == shares.Length)
            {
                return new(probabilities, judged);
            }

            var week = shares.Slice(known, HourGrid.Week);
            if (probabilities.Length > 0)
            {
                judged.Add(new(probabilities, baseRate, week.ToArray()));
                regression.Learn(Odds.Log(baseRate), features, week);
                calibration.Learn(held, week);
            }

            habits.Add(week, hoursOfWeek.Slice(known, HourGrid.Week));
            foreach (var share in week)
            {
                sum += share;
            }
        }
    }

    private static double[] HeldBy(HabitRegression regression, double offset, double[] features)
    {
        var probabilities = new double[HourGrid.Week];
        for (var i = 0; i < probabilities.Length; i++)
        {
            probabilities[i] = regression.Probability(offset, features.AsSpan(i * HabitFeatures.Count, HabitFeatures.Count));
        }

        return probabilities;
    }
}
