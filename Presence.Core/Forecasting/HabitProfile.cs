namespace Presence.Core.Forecasting;

/// <summary>
/// How much of each hour of the week somebody is here, as far as is known: older weeks count less, neighbouring hours tell of each other, and
/// what little is known of is taken from what more is known of: the hour of a weekday from that of working days or weekends, that from
/// the hour of any day, that from all hours.
/// </summary>
internal sealed class HabitProfile
{
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
    /// <param name="prior">As how many hours it counts what more is known of.</param>
    public void Settle(double baseRate, double prior)
    {
        Span<double> dayHere = stackalloc double[HourGrid.Day], dayHours = stackalloc double[HourGrid.Day];
        Span<double> kindHere = stackalloc double[2 * HourGrid.Day], kindHours = stackalloc double[2 * HourGrid.Day];
        for (var hour = 0; hour < HourGrid.Week; hour++)
        {
            var (here, hours) = Near(hour);
            dayHere[hour % HourGrid.Day] += here;
            dayHours[hour % HourGrid.Day] += hours;
            kindHere[KindOf(hour)] += here;
            kindHours[KindOf(hour)] += hours;
        }

        for (var hour = 0; hour < HourGrid.Day; hour++)
        {
            OfDay[hour] = (dayHere[hour] + (prior * baseRate)) / (dayHours[hour] + prior);
        }

        for (var hour = 0; hour < 2 * HourGrid.Day; hour++)
        {
            OfKind[hour] = (kindHere[hour] + (prior * OfDay[hour % HourGrid.Day])) / (kindHours[hour] + prior);
        }

        for (var hour = 0; hour < HourGrid.Week; hour++)
        {
            var (here, hours) = Near(hour);
            OfWeek[hour] = (here + (prior * OfKind[KindOf(hour)])) / (hours + prior);
        }
    }

    private (double Here, double Hours) Near(int hour)
    {
        var (here, hours) = (0d, 0d);
        for (var i = 0; i < Kernel.Length; i++)
        {
            var near = (hour + i - (Kernel.Length / 2) + HourGrid.Week) % HourGrid.Week;
            here += Kernel[i] * _here[near];
            hours += Kernel[i] * _hours[near];
        }

        return (here / 3, hours / 3);
    }
}
