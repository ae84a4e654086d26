namespace Presence.Core.Forecasting;

/// <summary>
/// How much of each hour somebody is here, as far as is known: older weeks count less, and what little is known of is taken from what more is known of. The
/// hours of working days and of weekends are taken from those of any day, and those from all hours. What sets a weekday, or another
/// time, apart from that is asked of the hours around as well, so that habits may begin and end sharply.
/// </summary>
internal sealed class HabitProfile
{
    /// <summary>As how many hours it counts what more is known of.</summary>
    private const double Prior = 10;

    /// <summary>The same of an hour of the week by itself, which is seen once a week.</summary>
    private const double AlonePrior = 3;

    private static readonly double[] Kernel = [1, 2, 3, 2, 1];

    private readonly double _kept;
    private readonly double[] _here = new double[HourGrid.Week];
    private readonly double[] _hours = new double[HourGrid.Week];

    /// <param name="halfLife">After so many weeks one counts half.</param>
    public HabitProfile(double halfLife) => _kept = Math.Pow(0.5, 1 / halfLife);

    /// <summary>Of the hours of any day.</summary>
    public double[] OfDay { get; } = new double[HourGrid.Day];

    /// <summary>Of those of working days, and then of weekends.</summary>
    public double[] OfKind { get; } = new double[2 * HourGrid.Day];

    /// <summary>Of those of each weekday.</summary>
    public double[] OfWeek { get; } = new double[HourGrid.Week];

    /// <summary>The same, without asking the hours around.</summary>
    public double[] OfWeekAlone { get; } = new double[HourGrid.Week];

    /// <summary>Where the hour of the week stands in <see cref="OfKind"/>.</summary>
    public static int KindOf(int hourOfWeek) =>
        (hourOfWeek / HourGrid.Day is 0 or 6 ? HourGrid.Day : 0) + (hourOfWeek % HourGrid.Day);

    /// <summary>Takes in a week.</summary>
    /// <param name="shares">Of each hour, how much of it the user was here.</param>
    /// <param name="hoursOfWeek">Of each, which it is.</param>
    public void Add(ReadOnlySpan<double> shares, ReadOnlySpan<int> hoursOfWeek)
    {
        for (var i = 0; i < HourGrid.Week; i++)
        {
            _here[i] *= _kept;
            _hours[i] *= _kept;
        }

        for (var i = 0; i < shares.Length; i++)
        {
            _here[hoursOfWeek[i]] += shares[i];
            _hours[hoursOfWeek[i]]++;
        }
    }

    /// <summary>Works out the profiles from what was taken in.</summary>
    /// <param name="baseRate">What is known of all hours.</param>
    public void Settle(double baseRate)
    {
        Span<double> dayHere = stackalloc double[HourGrid.Day], dayHours = stackalloc double[HourGrid.Day];
        Span<double> kindHere = stackalloc double[2 * HourGrid.Day], kindHours = stackalloc double[2 * HourGrid.Day];
        for (var hour = 0; hour < HourGrid.Week; hour++)
        {
            dayHere[hour % HourGrid.Day] += _here[hour];
            dayHours[hour % HourGrid.Day] += _hours[hour];
            kindHere[KindOf(hour)] += _here[hour];
            kindHours[KindOf(hour)] += _hours[hour];
        }

        for (var hour = 0; hour < HourGrid.Day; hour++)
        {
            OfDay[hour] = (dayHere[hour] + (Prior * baseRate)) / (dayHours[hour] + Prior);
        }

        for (var hour = 0; hour < 2 * HourGrid.Day; hour++)
        {
            OfKind[hour] = (kindHere[hour] + (Prior * OfDay[hour % HourGrid.Day])) / (kindHours[hour] + Prior);
        }

        for (var hour = 0; hour < HourGrid.Week; hour++)
        {
            OfWeek[hour] = Departing(hour, OfKind, isOfWeekday: true);
            OfWeekAlone[hour] = Math.Clamp(
                OfKind[KindOf(hour)] + ((_here[hour] - (_hours[hour] * OfKind[KindOf(hour)])) / (_hours[hour] + AlonePrior)), 0, 1);
        }
    }

    /// <summary>What is expected of an hour of the week, and what sets this profile apart from that around it.</summary>
    /// <param name="hour">Which hour.</param>
    /// <param name="expected">Of working days and weekends, as in <see cref="OfKind"/>.</param>
    /// <param name="isOfWeekday">Whether it is asked of this weekday alone, and not of all of its kind.</param>
    public double Departing(int hour, ReadOnlySpan<double> expected, bool isOfWeekday)
    {
        var (more, hours) = (0d, Prior);
        for (var i = 0; i < Kernel.Length; i++)
        {
            var near = (hour + i - (Kernel.Length / 2) + HourGrid.Week) % HourGrid.Week;
            for (var day = 0; day < (isOfWeekday ? 1 : 7); day++, near = (near + HourGrid.Day) % HourGrid.Week)
            {
                if (isOfWeekday || KindOf(near) / HourGrid.Day == KindOf(hour) / HourGrid.Day)
                {
                    more += Kernel[i] / 3 * (_here[near] - (_hours[near] * expected[KindOf(near)]));
                    hours += Kernel[i] / 3 * _hours[near];
                }
            }
        }

        return Math.Clamp(expected[KindOf(hour)] + (more / hours), 0, 1);
    }
}
