using Presence.Core.Domain;

namespace Presence.Core.Forecasting;

/// <summary>What the sessions of a user say of the coming week.</summary>
/// <param name="None">Why nothing is told, one of <see cref="NoForecast"/>; null where something is.</param>
/// <param name="Hours">When the user is usually here.</param>
/// <param name="Scored">The last seven days, if they would have been told of: as they were forecast before them. Null otherwise.</param>
internal sealed record Outlook(string? None, IReadOnlyList<UsualTime> Hours, JudgedWeek? Scored)
{
    /// <summary>Of so many weeks at most what was is looked at.</summary>
    public const int MostWeeks = 26;

    /// <summary>Of less nothing is said.</summary>
    public const int LeastWeeks = 4;

    /// <summary>Nothing, for want of history.</summary>
    public static Outlook TooLittle { get; } = new(NoForecast.TooLittleHistory, [], null);

    /// <summary>Looks ahead.</summary>
    /// <param name="sessions">When the user was here, in any order; one that goes on ends now.</param>
    /// <param name="now">The time.</param>
    /// <param name="zone">By whose clocks.</param>
    public static Outlook Of(IReadOnlyCollection<Session> sessions, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (sessions.Count == 0)
        {
            return TooLittle;
        }

        var known = HourGrid.StartOfHour(now, zone) - sessions.Min(session => session.Start);
        var weeks = Math.Min(MostWeeks, (int)(known.TotalHours / HourGrid.Week));
        if (weeks < LeastWeeks)
        {
            return TooLittle;
        }

        var past = weeks * HourGrid.Week;
        var grid = HourGrid.Around(now, past, HourGrid.Week, zone);
        var forecast = HabitForecast.Of(grid.SharesOf(sessions, past), grid.HoursOfWeek);
        var scored = ForecastSkill.IsProven(forecast.Judged.SkipLast(1)) ? forecast.Judged[^1] : null;
        if (!ForecastSkill.IsProven(forecast.Judged))
        {
            return new(NoForecast.NotPredictable, [], scored);
        }

        IReadOnlyList<UsualTime> hours = [.. UsualHours.Of(forecast.Probabilities).Select(run => new UsualTime(At(run.From), At(run.Until)))];
        return new(hours.Count == 0 ? NoForecast.NoUsualHours : null, hours, scored);

        DateTimeOffset At(int hour) => TimeZoneInfo.ConvertTime(grid.StartOf(past + hour), zone);
    }
}
