using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.Analytics;

/// <summary>Answers what all users together did on several days, from the sum of each.</summary>
public sealed class AnalyticsReader(IDaySummaryStore summaries)
{
    private static readonly DayOfWeek[] Weekdays =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    private static readonly TimeSpan Quarter = TimeSpan.FromDays(1) / DaySummary.Quarters;

    /// <summary>What was on the days given, both included.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<AnalyticsReport> ReadAsync(DateOnly fromDay, DateOnly toDay, TimeZoneInfo zone, CancellationToken cancellationToken) =>
        Report(fromDay, toDay, zone, await summaries.ReadAsync(fromDay, toDay, cancellationToken));

    internal static AnalyticsReport Report(DateOnly fromDay, DateOnly toDay, TimeZoneInfo zone, IReadOnlyList<DaySummary> days)
    {
        var highest = days.MaxBy(day => day.Peak);
        var present = PresentByHour(days, zone);
        return new(
            fromDay,
            toDay,
            zone.Id,
            [.. days.Select(ToDay)],
            highest?.Peak ?? 0,
            highest?.PeakAt,
            ToStatistics(days.Aggregate(SessionLengths.None, (all, day) => all.With(day.Lengths))),
            [.. Enumerable.Range(0, 24).Select(hour => Weekdays.Select(weekday => present[(weekday, hour)]).Aggregate((a, b) => a.And(b)).Average)],
            [
                .. Weekdays.Select(weekday => new WeekdayHours(
                    weekday.ToString().ToLowerInvariant(), [.. Enumerable.Range(0, 24).Select(hour => present[(weekday, hour)].Average)])),
            ]);
    }

    private static AnalyticsDay ToDay(DaySummary day) => new(
        day.Day, day.Users, day.Guests, day.WeeklyUsers, Share(day.ReturnedAfterDay, day.DayBefore), Share(day.ReturnedAfterWeek, day.WeekBefore), day.Peak, day.PeakAt,
        day.Lengths.Sessions);

    private static double? Share(int part, int whole) => whole == 0 ? null : Math.Round((double)part / whole, 4);

    private static SessionStatistics ToStatistics(SessionLengths lengths)
    {
        return new(lengths.Sessions, Seconds(0.5), Seconds(0.9), Seconds(0.95), Seconds(0.99));

        double? Seconds(double share) => lengths.Percentile(share) is { } length ? Math.Round(length.TotalSeconds, 1) : null;
    }

    /// <summary>How many were here, by the weekday and the hour of the time zone. A day of 23 or 25 hours has as many.</summary>
    private static Dictionary<(DayOfWeek Weekday, int Hour), Presence> PresentByHour(IReadOnlyList<DaySummary> days, TimeZoneInfo zone)
    {
        var present = Weekdays.SelectMany(weekday => Enumerable.Range(0, 24).Select(hour => (weekday, hour))).ToDictionary(at => at, _ => default(Presence));
        foreach (var day in days)
        {
            var start = HistoryRules.StartOf(day.Day);
            foreach (var (quarter, seconds) in day.PresentSeconds.Index())
            {
                var local = TimeZoneInfo.ConvertTime(start + (Quarter * quarter), zone);
                var at = (local.DayOfWeek, local.Hour);
                present[at] = present[at].And(new(seconds, (long)Quarter.TotalSeconds));
            }
        }

        return present;
    }

    /// <param name="Seconds">How long users were here, all together.</param>
    /// <param name="Of">In a time of so many seconds.</param>
    private readonly record struct Presence(long Seconds, long Of)
    {
        public double Average => Of == 0 ? 0 : Math.Round((double)Seconds / Of, 2);

        public Presence And(Presence other) => new(Seconds + other.Seconds, Of + other.Of);
    }
}
