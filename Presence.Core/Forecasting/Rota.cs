namespace Presence.Core.Forecasting;

/// <summary>
/// A rhythm of other than seven days, as of shifts: of the periods there are in work, the one after which somebody is most often here again.
/// </summary>
/// <param name="Days">The period.</param>
internal readonly record struct Rota(int Days)
{
    private const int MostPeriods = 6;
    private const double Margin = 0.1;
    private const double Prior = 1;

    private static readonly int[] Periods = [2, 3, 4, 5, 6, 8, 9, 10, 12, 14, 15, 16, 21, 28, 35, 42];

    /// <summary>The period of what is known; null where a week does as well.</summary>
    /// <param name="shares">Of each hour up to now, how much of it the user was here.</param>
    /// <param name="baseRate">The mean of all.</param>
    public static Rota? Of(ReadOnlySpan<double> shares, double baseRate)
    {
        Rota? best = null;
        var most = Likeness(shares, baseRate, 7) + Margin;
        foreach (var days in Periods)
        {
            // Two periods at least must have been seen whole.
            if (3 * days * HourGrid.Day <= shares.Length && Likeness(shares, baseRate, days) is var likeness && likeness > most)
            {
                (best, most) = (new Rota(days), likeness);
            }
        }

        return best;
    }

    /// <summary>How likely the user is here in an hour, by the same hours of earlier periods.</summary>
    /// <param name="shares">Of each hour up to now, how much of it the user was here.</param>
    /// <param name="hour">Which hour, from now on or later.</param>
    /// <param name="otherwise">What is known of it by other means.</param>
    public double At(ReadOnlySpan<double> shares, int hour, double otherwise)
    {
        var (period, here, seen) = (Days * HourGrid.Day, 0d, 0d);
        var last = hour - (period * (((hour - shares.Length) / period) + 1));
        for (var (i, n, weight) = (last, 0, 1d); i >= 1 && n < MostPeriods; i -= period, n++, weight *= 0.85)
        {
            var next = i + 1 < shares.Length ? shares[i + 1] : shares[i];
            here += weight * ((0.25 * shares[i - 1]) + (0.5 * shares[i]) + (0.25 * next));
            seen += weight;
        }

        return (here + (Prior * otherwise)) / (seen + Prior);
    }

    /// <summary>The autocorrelation after so many days.</summary>
    private static double Likeness(ReadOnlySpan<double> shares, double mean, int days)
    {
        var lag = days * HourGrid.Day;
        var (both, square) = (0d, 1e-9);
        for (var i = lag; i < shares.Length; i++)
        {
            both += (shares[i] - mean) * (shares[i - lag] - mean);
            square += (shares[i] - mean) * (shares[i] - mean);
        }

        return both / square;
    }
}
