using Presence.Core.Analytics;
using Presence.Core.Domain;

namespace Presence.Tests.Core.Analytics;

public class AnalyticsReaderTests
{
    private static readonly DateOnly Monday = new(2026, 3, 23);

    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void OfNoDaysThereIsNothing()
    {
        var report = AnalyticsReader.Report(Monday, Monday, TimeZoneInfo.Utc, []);

        Assert.Empty(report.Days);
        Assert.Equal((0, null), (report.Peak, report.PeakAt));
        Assert.Equal(new SessionStatistics(0, null, null, null, null), report.Sessions);
        Assert.All(report.Hours, average => Assert.Equal(0, average));
        Assert.Equal(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], report.Week.Select(day => day.Weekday));
    }

    [Fact]
    public void SharesAreOfThoseWhoWereThere()
    {
        var report = AnalyticsReader.Report(Monday, Monday.AddDays(1), TimeZoneInfo.Utc, [Day(Monday) with { DayBefore = 3, ReturnedAfterDay = 1, Peak = 4 }, Day(Monday.AddDays(1)) with { Peak = 6 }]);

        Assert.Equal([0.3333, null], report.Days.Select(day => day.ReturnedAfterDay));
        Assert.Equal([null, null], report.Days.Select(day => day.ReturnedAfterWeek));
        Assert.Equal(6, report.Peak);
    }

    [Fact]
    public void LengthsOfAllDaysAreAddedUp()
    {
        var lengths = (int bucket, long count) => new SessionLengths(SessionLengths.None.Counts.Add(bucket, count));
        var report = AnalyticsReader.Report(Monday, Monday.AddDays(1), TimeZoneInfo.Utc, [Day(Monday) with { Lengths = lengths(50, 90) }, Day(Monday.AddDays(1)) with { Lengths = lengths(70, 10) }]);

        Assert.Equal(100, report.Sessions.Count);
        Assert.Equal([Math.Pow(1.1, 50.5), Math.Pow(1.1, 50.5), Math.Pow(1.1, 70.5)], [report.Sessions.MedianSeconds!.Value, report.Sessions.P90Seconds!.Value, report.Sessions.P95Seconds!.Value], (a, b) => Math.Abs(a - b) < 0.1);
    }

    [Fact]
    public void HoursAreThoseOfTheTimeZoneBeforeAndAfterTheClocksChange()
    {
        // Two users from 8:00 to 9:00 UTC: 9:00 in Berlin until Saturday the 28th, 10:00 from Sunday on.
        var report = AnalyticsReader.Report(Monday, Monday.AddDays(6), Berlin, [.. Enumerable.Range(0, 7).Select(day => Day(Monday.AddDays(day), from: 8, to: 9, users: 2))]);

        Assert.Equal("Europe/Berlin", report.TimeZone);
        Assert.All(report.Week[..6], day => Assert.Equal((2, 0), (day.Hours[9], day.Hours[10])));
        Assert.Equal((0, 2), (report.Week[6].Hours[9], report.Week[6].Hours[10]));
        Assert.Equal(12.0 / 7, report.Hours[9], 0.01);
        Assert.Equal(0, report.Hours[8]);
    }

    [Theory]
    [InlineData("Asia/Kolkata", 13, 30)]
    [InlineData("Asia/Kathmandu", 13, 45)]
    [InlineData("America/St_Johns", 4, 30)]
    public void OffsetsOfHalvesAndQuartersOfAnHourAreExact(string id, int hour, int minute)
    {
        var report = AnalyticsReader.Report(
            new(2026, 1, 5), new(2026, 1, 5), TimeZoneInfo.FindSystemTimeZoneById(id), [Day(new(2026, 1, 5), from: 8, to: 9, users: 4)]);

        Assert.Equal((4 * (60 - minute) / 60.0, 4 * minute / 60.0), (report.Week[0].Hours[hour], report.Week[0].Hours[hour + 1]));
    }

    private static DaySummary Day(DateOnly day, int from = 0, int to = 0, int users = 0) => new()
    {
        Day = day, Users = users, Guests = 0, WeeklyUsers = users, DayBefore = 0, ReturnedAfterDay = 0, WeekBefore = 0, ReturnedAfterWeek = 0, Peak = users, PeakAt = null,
        PresentSeconds = [.. Enumerable.Range(0, DaySummary.Quarters).Select(quarter => quarter / 4 >= from && quarter / 4 < to ? users * 900L : 0)],
        Lengths = SessionLengths.None,
    };
}
