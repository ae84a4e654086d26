using Presence.Core.Costs;
using Presence.Core.Options;

namespace Presence.Tests.Core.Costs;

public class ForecastTests
{
    private const double Day = 86_400;

    private static readonly DateOnly First = new(2030, 4, 1);

    /// <summary>A unit is all that costs anything: 1 USD a day.</summary>
    private static readonly PricesOptions Prices = new() { Unit = 1, Fixed = 0 };

    [Fact]
    public void BeforeADayIsMeasuredNothingIsSaid()
    {
        Assert.Null(Forecast.Of([], At(1, 12), Prices));
        Assert.Null(Forecast.Of([Measured(1, 1, Day - 1)], At(1, 23.9), Prices));
        Assert.NotNull(Forecast.Of([Measured(1, 1), Measured(2, 1, 60)], At(2, 0.1), Prices));
    }

    [Fact]
    public void TheFirstHoursOfAMonthAreForecastByTheLastWeekOfTheOneBefore()
    {
        var week = Enumerable.Range(-6, 7).Select(day => Measured(day, 3)).Append(Measured(1, 3, 3600));

        var forecast = Forecast.Of([.. week], At(1, 1), Prices)!;

        Assert.Equal((0.125, 90.0), (Math.Round(forecast.Spent, 3), Math.Round(forecast.Expected, 3)));
        Assert.Equal(forecast.Expected, forecast.Least, 6);
        Assert.Equal(forecast.Expected, forecast.Most, 6);
    }

    [Fact]
    public void WhatWasMeasuredStandsAndTheRestGoesOnAsInTheLastWeek()
    {
        // Two dear weeks, then eight days that cost a tenth.
        var days = Enumerable.Range(1, 14).Select(d => Measured(d, 10)).Concat(Enumerable.Range(15, 8).Select(d => Measured(d, 1))).Append(Measured(23, 1, 0.5 * Day));

        var forecast = Forecast.Of([.. days], At(23, 12), Prices)!;

        Assert.Equal(140 + 8 + 0.5, forecast.Spent, 6);
        Assert.Equal(140 + 8 + 0.5 + 7.5, forecast.Expected, 6);
    }

    [Fact]
    public void WhatWasNotMeasuredIsTakenToHaveGoneAsOnAverage()
    {
        var forecast = Forecast.Of([Measured(10, 2), Measured(11, 2, 0.5 * Day)], At(11, 12), Prices)!;

        Assert.Equal((21.0, 60.0), (Math.Round(forecast.Spent, 6), Math.Round(forecast.Expected, 6)));
    }

    [Fact]
    public void TheMoreDaysDifferTheLessIsCertain()
    {
        var even = Forecast.Of([.. Enumerable.Range(1, 7).Select(d => Measured(d, 2))], At(8, 0), Prices)!;
        var odd = Forecast.Of([.. Enumerable.Range(1, 7).Select(d => Measured(d, d % 2 == 0 ? 4 : 0.5))], At(8, 0), Prices)!;
        var one = Forecast.Of([Measured(1, 2)], At(2, 0), Prices)!;

        Assert.Equal(even.Most, even.Least, 6);
        Assert.True(odd.Most - odd.Expected > 1, odd.ToString());
        Assert.Equal(odd.Most - odd.Expected, odd.Expected - odd.Least, 6);
        Assert.Equal(29, one.Most - one.Expected, 6);
    }

    [Fact]
    public void FourMonthsOfFiveEndWithinWhatIsForecast()
    {
        var random = new Random(4711);
        var within = 0;
        for (var month = 0; month < 2000; month++)
        {
            var days = Enumerable.Range(1, 30).Select(d => Measured(d, 2 + (random.NextDouble() * 4))).ToList();
            var bill = days.Sum(d => d.Used.UnitDays);
            var forecast = Forecast.Of([.. days.Take(10)], At(11, 0), Prices)!;
            within += bill >= forecast.Least && bill <= forecast.Most ? 1 : 0;
        }

        Assert.InRange(within / 2000.0, 0.7, 0.9);
    }

    private static DateTimeOffset At(int day, double hour) => new DateTimeOffset(2030, 4, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day - 1).AddHours(hour);

    private static MeasuredDay Measured(int day, double units, double seconds = Day) =>
        new(First.AddDays(day - 1), seconds, Usage.None with { UnitDays = units * seconds / Day });
}
