using Presence.Core.Domain;
using Presence.Core.Forecasting;

namespace Presence.Tests.Core.Forecasting;

public class OutlookTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Fact]
    public void WhoKeepsOfficeHoursIsUsuallyHereThen()
    {
        var outlook = Outlook.Of(Habits.Office(weeks: 16), Habits.Now, TimeZoneInfo.Utc);

        // From Thursday, ten o'clock, on.
        Assert.Null(outlook.None);
        Assert.Equal(
            ["26 10-17", "27 9-17", "30 9-17", "1 9-17", "2 9-17"],
            outlook.Hours.Select(hours => $"{hours.Start.Day} {hours.Start.Hour}-{hours.End.Hour}"));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void OfLessThanFourWeeksNothingIsSaidHoweverRegularTheyAre(int weeks) =>
        Assert.Equal(Outlook.TooLittle, Outlook.Of(Habits.Office(weeks), Habits.Now, TimeZoneInfo.Utc));

    [Fact]
    public void FourWeeksAreEnoughTo28DaysBeforeTheHourUnderWay()
    {
        Session Long(DateTimeOffset start) => new(start, start.AddHours(1));
        var hour = HourGrid.StartOfHour(Habits.Now, TimeZoneInfo.Utc);

        Assert.Equal(NoForecast.TooLittleHistory, Outlook.Of([Long(hour.AddDays(-28).AddMinutes(1))], Habits.Now, TimeZoneInfo.Utc).None);
        Assert.Equal(NoForecast.NotPredictable, Outlook.Of([Long(hour.AddDays(-28))], Habits.Now, TimeZoneInfo.Utc).None);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void WhoComesAtAnyTimeIsForetoldNothing(int seed)
    {
        var outlook = Outlook.Of(Habits.AtAnyTime(26, seed), Habits.Now, TimeZoneInfo.Utc);

        Assert.Equal((NoForecast.NotPredictable, 0), (outlook.None, outlook.Hours.Count));
    }

    [Fact]
    public void WhoIsAlwaysHereIsForetoldNothing() => Assert.Equal(
        NoForecast.NotPredictable, Outlook.Of([new(Habits.Now.AddDays(-100), Habits.Now)], Habits.Now, TimeZoneInfo.Utc).None);

    [Fact]
    public void WhoseHabitIsOfFewMomentsIsUsuallyGone()
    {
        var quarters = Habits.Office(26, starts: 12, ends: 13).Select(session => session with { End = session.Start.AddMinutes(20) });

        var outlook = Outlook.Of([.. quarters], Habits.Now, TimeZoneInfo.Utc);

        Assert.Equal((NoForecast.NoUsualHours, 0), (outlook.None, outlook.Hours.Count));
    }

    [Theory]
    [InlineData("2026-04-02T10:20:00Z")]
    [InlineData("2026-10-29T10:20:00Z")]
    [InlineData("2026-03-26T10:20:00Z")]
    public void HabitsFollowTheClocksOfTheZoneThroughSummerTime(string moment)
    {
        // A few days after clocks were put, and a few days before.
        var now = DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture);

        var outlook = Outlook.Of(Habits.Office(16, Berlin, now: now), now, Berlin);

        Assert.Null(outlook.None);
        Assert.All(outlook.Hours.Skip(1).SkipLast(1), hours => Assert.Equal((9, 17), (hours.Start.Hour, hours.End.Hour)));
        Assert.All(outlook.Hours, hours => Assert.Equal(Berlin.GetUtcOffset(hours.Start), hours.Start.Offset));
        Assert.InRange(outlook.Hours.Count, 5, 6);
    }

    [Theory, InlineData(5), InlineData(-8), InlineData(5.5)]
    public void TheSameLifeElsewhereIsToldTheSameByTheClocksThere(double offset)
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("there", TimeSpan.FromHours(offset), "there", "there");
        var here = Habits.Office(20, seed: 5);
        var there = here.Select(session => new Session(session.Start.AddHours(-offset), session.End.AddHours(-offset)));

        var expected = Outlook.Of(here, Habits.Now, TimeZoneInfo.Utc);
        var moved = Outlook.Of([.. there], Habits.Now.AddHours(-offset), zone);

        Assert.Equal(expected.Hours.Select(hours => (hours.Start.DateTime, hours.End.DateTime)), moved.Hours.Select(hours => (hours.Start.DateTime, hours.End.DateTime)));
        Assert.NotEmpty(moved.Hours);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void ItIsTheSameInWhateverOrderSessionsCome(int seed)
    {
        var sessions = Habits.Office(12, seed: seed);
        var shuffled = sessions.ToArray();
        new Random(seed).Shuffle(shuffled);

        Assert.Equal(Outlook.Of(sessions, Habits.Now, TimeZoneInfo.Utc).Hours, Outlook.Of(shuffled, Habits.Now, TimeZoneInfo.Utc).Hours);
    }

    [Fact]
    public void TheLastWeekIsScoredAsItWasForecastBeforeIt()
    {
        var sessions = Habits.Office(16);
        var broken = sessions.Where(session => session.Start < Habits.Now.AddDays(-7)).ToList();

        var (asUsual, away) = (Outlook.Of(sessions, Habits.Now, TimeZoneInfo.Utc).Scored!, Outlook.Of(broken, Habits.Now, TimeZoneInfo.Utc).Scored!);

        // What happened in it changes the score, and not what was forecast.
        Assert.Equal(asUsual.Probabilities, away.Probabilities);
        Assert.True(ForecastSkill.Losses(asUsual).Forecast < ForecastSkill.Losses(asUsual).BaseRate);
        Assert.True(ForecastSkill.Losses(away).Forecast > ForecastSkill.Losses(away).BaseRate);
    }
}
