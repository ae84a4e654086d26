using Presence.Core.Costs;
using Presence.Core.Domain;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Costs;

public class EconomyRulesTests
{
    private static readonly DateTimeOffset Now = Start + TimeSpan.FromHours(2);

    public static TheoryData<Economy, double, Economy> Steps => new()
    {
        { Economy.Normal, 94, Economy.Normal },
        { Economy.Normal, 95, Economy.Thrifty },
        { Economy.Normal, 1000, Economy.Thrifty },
        { Economy.Thrifty, 109, Economy.Thrifty },
        { Economy.Thrifty, 110, Economy.Frugal },
        { Economy.Thrifty, 86, Economy.Thrifty },
        { Economy.Thrifty, 84, Economy.Normal },
        { Economy.Frugal, 130, Economy.Austere },
        { Economy.Frugal, 101, Economy.Frugal },
        { Economy.Frugal, 99, Economy.Thrifty },
        { Economy.Austere, 1000, Economy.Austere },
        { Economy.Austere, 121, Economy.Austere },
        { Economy.Austere, 119, Economy.Frugal },
        { Economy.Austere, 0, Economy.Frugal },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void OneStepAfterTheOtherIsTakenAndLeftWithHysteresis(Economy last, double expected, Economy next) =>
        Assert.Equal((next, next == last ? Start : Now), EconomyRules.Next((last, Start), Forecast(expected), budget: 100, Now));

    [Fact]
    public void AStepIsKeptForAnHour()
    {
        var soon = Start + EconomyRules.Least - TimeSpan.FromTicks(1);

        Assert.Equal((Economy.Thrifty, Start), EconomyRules.Next((Economy.Thrifty, Start), Forecast(500), 100, soon));
        Assert.Equal(Economy.Frugal, EconomyRules.Next((Economy.Thrifty, Start), Forecast(500), 100, Start + EconomyRules.Least).Step);
    }

    [Fact]
    public void WithoutAForecastOrABudgetNothingIsDoneAndWhatWasDoneIsUndone()
    {
        Assert.Equal((Economy.Normal, Now), EconomyRules.Next(null, Forecast(500), 100, Now));
        Assert.Equal((Economy.Normal, Start), EconomyRules.Next((Economy.Normal, Start), null, 100, Now));
        Assert.Equal((Economy.Normal, Now), EconomyRules.Next((Economy.Austere, Start), null, 100, Now));
        Assert.Equal((Economy.Normal, Now), EconomyRules.Next((Economy.Austere, Start), Forecast(500), 0, Now));
    }

    [Fact]
    public void AtTheTurnOfTheMonthAllBeginsAnew()
    {
        var turn = new DateTimeOffset(2030, 2, 1, 0, 0, 30, TimeSpan.Zero);

        Assert.Equal((Economy.Normal, turn), EconomyRules.Next((Economy.Austere, turn.AddMinutes(-1)), Forecast(500), 100, turn));
    }

    private static Forecast Forecast(double expected) => new(0, expected, expected, expected);
}
