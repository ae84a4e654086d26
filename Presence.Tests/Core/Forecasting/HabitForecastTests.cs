using Presence.Core.Forecasting;

namespace Presence.Tests.Core.Forecasting;

public class HabitForecastTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];

    [Theory, MemberData(nameof(Seeds))]
    public void WhateverThePastProbabilitiesAreProbabilities(int seed)
    {
        var random = new Random(seed);
        var weeks = random.Next(3, 27);
        var extreme = random.Next(5);
        var shares = new double[weeks * HourGrid.Week];
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = extreme switch
            {
                0 => 0,
                1 => 1,
                2 => i < shares.Length - HourGrid.Week ? 0 : 1,
                3 => i % 2,
                _ => random.NextDouble() < 0.2 ? random.NextDouble() : 0,
            };
        }

        var forecast = HabitForecast.Of(shares, HourGrid.Around(Habits.Now, shares.Length, HourGrid.Week, TimeZoneInfo.Utc).HoursOfWeek);

        Assert.Equal(weeks - HabitForecast.WeeksToBegin, forecast.Judged.Count);
        Assert.All(forecast.Judged.SelectMany(week => week.Probabilities).Concat(forecast.Probabilities), p => Assert.InRange(p, 0, 1));
        Assert.Equal(HourGrid.Week, forecast.Probabilities.Length);
    }

    [Theory, InlineData(6), InlineData(20)]
    public void WhatComesLaterChangesNoEarlierForecast(int weeks)
    {
        var random = new Random(3);
        double[] shares = [.. Enumerable.Range(0, (weeks + 4) * HourGrid.Week).Select(_ => random.NextDouble())];
        var hours = HourGrid.Around(Habits.Now, shares.Length, HourGrid.Week, TimeZoneInfo.Utc).HoursOfWeek;

        var whole = HabitForecast.Of(shares, hours);
        var early = HabitForecast.Of(shares.AsSpan(0, weeks * HourGrid.Week), hours.AsSpan(0, (weeks + 1) * HourGrid.Week));

        Assert.Equal(early.Probabilities, whole.Judged[weeks - HabitForecast.WeeksToBegin].Probabilities);
        Assert.All(early.Judged.Zip(whole.Judged), pair => Assert.Equal(pair.First.Probabilities, pair.Second.Probabilities));
    }

    [Theory, InlineData(8), InlineData(21)]
    public void ARotaIsFoundByItsPeriod(int days)
    {
        // Here for eight hours on the first half of each period.
        double[] shares = [.. Enumerable.Range(0, 20 * HourGrid.Week).Select(i => i / HourGrid.Day % days < days / 2 && i % HourGrid.Day is >= 8 and < 16 ? 1d : 0)];

        Assert.Equal(new Rota(days), Rota.Of(shares, shares.Average()));
        Assert.True(new Rota(days).At(shares, shares.Length + 12, otherwise: 0.5) is var p && (p > 0.7 || p < 0.3));
    }

    [Fact]
    public void WhoLivesByTheWeekHasNoRota()
    {
        double[] shares = [.. Enumerable.Range(0, 20 * HourGrid.Week).Select(i => i / HourGrid.Day % 7 < 5 && i % HourGrid.Day is >= 8 and < 16 ? 1d : 0)];

        Assert.Null(Rota.Of(shares, shares.Average()));
    }

    [Fact]
    public void TheRegressionLearnsWeightsThatMadeWhatItSees()
    {
        var random = new Random(7);
        double[] truth = [0.5, -1, 2];
        var regression = new HabitRegression([0, 0, 0], [2, 2, 2]);
        for (var week = 0; week < 60; week++)
        {
            double[] features = [.. Enumerable.Range(0, HourGrid.Week * 3).Select(_ => (2 * random.NextDouble()) - 1)];
            double[] shares =
            [
                .. Enumerable.Range(0, HourGrid.Week).Select(hour =>
                    random.NextDouble() < Odds.Probability(truth.Select((weight, i) => weight * features[(hour * 3) + i]).Sum()) ? 1d : 0),
            ];
            regression.Learn(0, features, shares);
        }

        Assert.All(truth.Zip(regression.Weights), pair => Assert.Equal(pair.First, pair.Second, 0.2));
    }
}
