namespace Presence.Core.Forecasting;

/// <summary>
/// What the past says of each hour of a week to come, as differences of log-odds that add up: from all hours to the hours of any day, from those to
/// those of working days or weekends, to those of the weekday, to lately; a rota; and whether the user was here more lately than its
/// habits say, over two days and over ten.
/// </summary>
internal sealed class HabitFeatures
{
    /// <summary>How many.</summary>
    public const int Count = 9;

    private const double LevelPrior = 3;

    private readonly HabitProfile _long = new(halfLife: 10);
    private readonly HabitProfile _lately = new(halfLife: 1);

    /// <summary>The weights of someone like most.</summary>
    public static ReadOnlySpan<double> Weights => [0, 0.8, 0.8, 0.5, 0.3, 0.5, 0.3, 0.3, 0.4];

    /// <summary>How far from that users may be.</summary>
    public static ReadOnlySpan<double> Deviations => [0.3, 0.3, 0.3, 0.3, 0.3, 0.4, 0.3, 0.3, 0.3];

    /// <summary>Takes in a week.</summary>
    public void Add(ReadOnlySpan<double> shares, ReadOnlySpan<int> hoursOfWeek)
    {
        _long.Add(shares, hoursOfWeek);
        _lately.Add(shares, hoursOfWeek);
    }

    /// <summary>The features of the hours of the week that follows on what is known.</summary>
    /// <param name="shares">Of each hour up to now, how much of it the user was here.</param>
    /// <param name="hoursOfWeek">Of these and of those to come, which they are.</param>
    /// <param name="baseRate">The mean of all.</param>
    /// <param name="features">Where they are written, hour by hour.</param>
    public void Write(ReadOnlySpan<double> shares, ReadOnlySpan<int> hoursOfWeek, double baseRate, Span<double> features)
    {
        _long.Settle(baseRate);
        var known = shares.Length;
        var (days, weeks) = (Level(shares, hoursOfWeek, halfLife: 48), Level(shares, hoursOfWeek, halfLife: 240));
        var rota = Rota.Of(shares, baseRate);
        for (var i = 0; i < HourGrid.Week; i++)
        {
            var hour = hoursOfWeek[known + i];
            var x = features.Slice(i * Count, Count);
            var day = Odds.Log(_long.OfDay[hour % HourGrid.Day]);
            var kind = Odds.Log(_long.OfKind[HabitProfile.KindOf(hour)]);
            var week = Odds.Log(_long.OfWeek[hour]);
            x[0] = 1;
            x[1] = day - Odds.Log(baseRate);
            x[2] = kind - day;
            x[3] = week - kind;
            x[4] = Odds.Log(_lately.Departing(hour, _long.OfKind, isOfWeekday: false)) - kind;
            x[5] = rota is { } found ? Odds.Log(found.At(shares, known + i, _long.OfWeek[hour])) - week : 0;
            x[6] = days * Math.Exp(-i / 72d);
            x[7] = weeks;
            x[8] = Odds.Log(_long.OfWeekAlone[hour]) - week;
        }
    }

    /// <summary>The logarithm of how often more the user was here lately than its habits say.</summary>
    private double Level(ReadOnlySpan<double> shares, ReadOnlySpan<int> hoursOfWeek, double halfLife)
    {
        var kept = Math.Pow(0.5, 1 / halfLife);
        var (here, expected, weight) = (LevelPrior, LevelPrior, 1d);
        for (var i = shares.Length - 1; i >= 0 && weight > 0.01; i--, weight *= kept)
        {
            here += weight * shares[i];
            expected += weight * _long.OfWeek[hoursOfWeek[i]];
        }

        return Math.Log(here / expected);
    }
}
