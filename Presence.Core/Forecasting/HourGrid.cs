using Presence.Core.Domain;

namespace Presence.Core.Forecasting;

/// <summary>
/// Consecutive hours, as clocks in a time zone show them. Each is an hour long; where clocks are put forward one of the day's hours is not
/// there, and where they are put back one is there twice.
/// </summary>
internal sealed class HourGrid
{
    public const int Day = 24;
    public const int Week = 7 * Day;

    private readonly DateTimeOffset _start;

    private HourGrid(DateTimeOffset start, int[] hoursOfWeek) => (_start, HoursOfWeek) = (start, hoursOfWeek);

    /// <summary>Of each hour, which of the week it is: 0 is the first of a Sunday.</summary>
    public int[] HoursOfWeek { get; }

    /// <summary>So many hours before the one under way, and so many from it on.</summary>
    /// <param name="now">The time.</param>
    /// <param name="past">How many before.</param>
    /// <param name="ahead">How many from then on.</param>
    /// <param name="zone">Whose clocks.</param>
    public static HourGrid Around(DateTimeOffset now, int past, int ahead, TimeZoneInfo zone)
    {
        var start = StartOfHour(now, zone).AddHours(-past);
        var hours = new int[past + ahead];
        for (var i = 0; i < hours.Length; i++)
        {
            // By its middle: where clocks are put by half an hour, an hour of before that would begin at the half.
            var local = TimeZoneInfo.ConvertTime(start.AddMinutes((i * 60) + 30), zone);
            hours[i] = ((int)local.DayOfWeek * Day) + local.Hour;
        }

        return new(start, hours);
    }

    /// <summary>When the hour began that is under way.</summary>
    public static DateTimeOffset StartOfHour(DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone);
        return now.ToUniversalTime().AddTicks(-(local.TimeOfDay.Ticks % TimeSpan.TicksPerHour));
    }

    /// <summary>When an hour begins; that after the last one: when the last one ends.</summary>
    public DateTimeOffset StartOf(int hour) => _start.AddHours(hour);

    /// <summary>Which share of each of the first hours somebody was here, from 0 to 1.</summary>
    /// <param name="sessions">When it was, in any order.</param>
    /// <param name="hours">How many hours.</param>
    public double[] SharesOf(IEnumerable<Session> sessions, int hours)
    {
        var shares = new double[hours];
        foreach (var session in sessions)
        {
            var (from, until) = (Math.Max(0, (session.Start - _start).TotalHours), Math.Min(hours, (session.End - _start).TotalHours));
            for (var i = (int)from; i < until; i++)
            {
                shares[i] = Math.Min(1, shares[i] + Math.Min(i + 1, until) - Math.Max(i, from));
            }
        }

        return shares;
    }
}
