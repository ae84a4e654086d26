using Presence.Core.Domain;
using Presence.Core.Forecasting;

namespace Presence.Tests.Core.Forecasting;

public class HourGridTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void AnHourHoldsTheShareOfItInWhichTheUserWasHere()
    {
        var now = Habits.Now;
        var grid = HourGrid.Around(now, 4, 0, TimeZoneInfo.Utc);
        var start = grid.StartOf(0);
        Assert.Equal(new(2026, 11, 26, 6, 0, 0, TimeSpan.Zero), start);

        Session[] sessions =
        [
            new(start.AddHours(-5), start.AddMinutes(15)),
            new(start.AddMinutes(30), start.AddMinutes(45)),
            new(start.AddMinutes(90), start.AddMinutes(150)),
            new(start.AddHours(3.75), start.AddHours(9)),
            new(start.AddHours(-5), start.AddHours(-4)),
            new(start.AddHours(4), start.AddHours(5)),
        ];

        Assert.Equal([0.5, 0.5, 0.5, 0.25], grid.SharesOf(sessions, 4).Select(share => Math.Round(share, 9)));
    }

    [Fact]
    public void SessionsThatOverlapFillAnHourOnce()
    {
        var grid = HourGrid.Around(Habits.Now, 1, 0, TimeZoneInfo.Utc);

        Assert.Equal([1], grid.SharesOf([new(grid.StartOf(0), grid.StartOf(1)), new(grid.StartOf(0), grid.StartOf(1))], 1));
    }

    [Theory]
    [InlineData(2026, 3, 29, 23, "0,1,3,4", "21,22,23,0")]
    [InlineData(2026, 10, 25, 25, "0,1,2,2,3", "22,23,0")]
    public void OnADayOnWhichClocksArePutAnHourIsMissingOrThereTwice(int year, int month, int day, int hours, string begins, string ends)
    {
        var midnight = TimeZoneInfo.ConvertTimeToUtc(new(year, month, day), Berlin);

        var grid = HourGrid.Around(midnight, 0, hours + 1, Berlin);

        Assert.Equal(midnight, grid.StartOf(0));
        var ofDay = grid.HoursOfWeek.Select(hour => hour % HourGrid.Day).ToList();
        Assert.StartsWith(begins, string.Join(',', ofDay), StringComparison.Ordinal);
        Assert.EndsWith(ends, string.Join(',', ofDay), StringComparison.Ordinal);
        Assert.Equal((0, HourGrid.Day), (grid.HoursOfWeek[0], grid.HoursOfWeek[^1]));
    }

    [Theory]
    [InlineData("Asia/Kolkata", 30)]
    [InlineData("Asia/Kathmandu", 15)]
    [InlineData("Europe/Berlin", 0)]
    public void HoursBeginWhenClocksOfTheZoneShowThem(string zone, int minute)
    {
        var found = TimeZoneInfo.FindSystemTimeZoneById(zone);

        var start = HourGrid.StartOfHour(Habits.Now, found);

        Assert.Equal((minute, 0), (start.Minute, TimeZoneInfo.ConvertTime(start, found).Minute));
        Assert.InRange((Habits.Now - start).TotalMinutes, 0, 59.999);
    }
}
