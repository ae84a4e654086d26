using Presence.Core.Options;

namespace Presence.Core.Costs;

/// <summary>The bill of a month, in US dollars, while the month goes on.</summary>
/// <param name="Spent">So far. Of what was not measured it is taken that it went as it goes on average.</param>
/// <param name="Expected">At the end of the month, if it goes on as in the last week.</param>
/// <param name="Least">In four cases of five it is between this</param>
/// <param name="Most">and this, by how much days differ from one another.</param>
public sealed record Forecast(double Spent, double Expected, double Least, double Most)
{
    /// <summary>So many days before today are taken for what is to come: each day of the week is once among them.</summary>
    internal const int RecentDays = 7;

    /// <summary>The normal distribution: four cases of five.</summary>
    private const double Deviations = 1.28;

    /// <summary>What is to come may differ by half from a single day.</summary>
    private const double OfOneDay = 0.5;

    /// <summary>A forecast; null as long as less than a day was measured, for the hours of a day differ.</summary>
    /// <param name="days">What was measured, today's last: those of this month, and at least a week.</param>
    /// <param name="now">The moment.</param>
    /// <param name="prices">The prices.</param>
    public static Forecast? Of(IReadOnlyCollection<MeasuredDay> days, DateTimeOffset now, PricesOptions prices)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var recent = days.Where(d => d.Day >= today.AddDays(-RecentDays)).ToList();
        var recentSeconds = recent.Sum(d => d.Seconds);
        if (recentSeconds < Bill.Day)
        {
            return null;
        }

        var begin = new DateTimeOffset(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var length = (begin.AddMonths(1) - begin).TotalSeconds;
        var elapsed = (now - begin).TotalSeconds;
        var measured = days.Where(d => d.Day >= DateOnly.FromDateTime(begin.UtcDateTime)).ToList();
        var perSecond = Sum(recent, prices) * (1 / recentSeconds);
        var sofar = Sum(measured, prices) + (perSecond * Math.Max(0, elapsed - measured.Sum(d => d.Seconds)));
        var spent = Bill.Of(sofar, elapsed / length, prices);
        var expected = Bill.Of(sofar + (perSecond * (length - elapsed)), 1, prices);
        var margin = Margin([.. recent.Where(d => d.Day < today && d.Seconds >= Bill.Day / 2)], perSecond, (length - elapsed) / Bill.Day, prices);
        return new(spent, expected, Math.Max(spent, expected - margin), expected + margin);
    }

    /// <summary>
    /// How far the rest of the month may be from what is expected of it: the error of a sum of days to come, and that of the mean by which they are
    /// predicted.
    /// </summary>
    private static double Margin(IReadOnlyList<MeasuredDay> whole, Usage perSecond, double left, PricesOptions prices)
    {
        if (whole.Count < 2)
        {
            return OfOneDay * left * Bill.AtFullPrice(perSecond * Bill.Day, prices);
        }

        var costs = whole.Select(d => Bill.AtFullPrice(Bill.Billed(d, prices) * (Bill.Day / d.Seconds), prices)).ToList();
        var mean = costs.Average();
        var variance = costs.Sum(c => (c - mean) * (c - mean)) / (costs.Count - 1);
        return Deviations * Math.Sqrt(variance * (left + (left * left / costs.Count)));
    }

    private static Usage Sum(IEnumerable<MeasuredDay> days, PricesOptions prices) =>
        days.Aggregate(Usage.None, (sum, day) => sum + Bill.Billed(day, prices));
}
