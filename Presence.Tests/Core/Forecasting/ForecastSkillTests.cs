using Presence.Core.Forecasting;

namespace Presence.Tests.Core.Forecasting;

public class ForecastSkillTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(0.5, 1, 0.25)]
    [InlineData(0.5, 0, 0.25)]
    [InlineData(0.3, 0.5, 0.29)]
    public void TheLossIsTheMeanSquareOverTheMomentsOfTheHour(double probability, double share, double loss) =>
        Assert.Equal(loss, ForecastSkill.Loss(probability, share), 12);

    [Fact]
    public void WhoKnowsBestLosesLeast()
    {
        foreach (var share in new[] { 0, 0.1, 0.4, 1 })
        {
            Assert.All([0, 0.2, 0.3, 0.5, 0.9], other => Assert.True(ForecastSkill.Loss(share, share) <= ForecastSkill.Loss(other, share)));
        }
    }

    [Theory]
    [InlineData(0.9, 0.1, 4, true)]
    [InlineData(0.5, 0.5, 12, false)]
    [InlineData(0.1, 0.9, 12, false)]
    public void WhatIsBetterThanTheBaseRateIsProven(double whenHere, double whenGone, int weeks, bool isProven) => Assert.Equal(
        isProven, ForecastSkill.IsProven(Enumerable.Range(0, weeks).Select(_ => Week(i => i % 2 == 0 ? whenHere : whenGone))));

    [Fact]
    public void WhatIsBetterOnOneDayAloneIsLuck() =>
        Assert.False(ForecastSkill.IsProven([Week(_ => 0.5), Week(i => i < HourGrid.Day ? 1 - (i % 2) : 0.5)]));

    [Fact]
    public void OfNothingNothingIsProven()
    {
        Assert.False(ForecastSkill.IsProven([]));
        Assert.False(ForecastSkill.IsProven([new(new double[HourGrid.Week], 0, new double[HourGrid.Week])]));
    }

    private static JudgedWeek Week(Func<int, double> forecast) => new(
        [.. Enumerable.Range(0, HourGrid.Week).Select(forecast)], 0.5, [.. Enumerable.Range(0, HourGrid.Week).Select(i => i % 2 == 0 ? 1d : 0)]);
}
