using System.Collections.Immutable;
using Presence.Core.Domain;

namespace Presence.Core.Analytics;

/// <summary>What all users together did on several days.</summary>
/// <param name="From">The first day, UTC.</param>
/// <param name="To">The last day, UTC.</param>
/// <param name="TimeZone">The time zone of the hours, by its IANA id; days are UTC all the same.</param>
/// <param name="Days">The days that are summed up, in their order. Those that are missing are not over, or nothing was kept then.</param>
/// <param name="Peak">The most users and guests who were here at once, looked at each whole second.</param>
/// <param name="PeakAt">The first second in which they were, UTC; null where nobody was.</param>
/// <param name="Sessions">How long the sessions were that ended on these days.</param>
/// <param name="Hours">How many users and guests were here on average in each hour of a day, from midnight in the time zone.</param>
/// <param name="Week">The same for each day of a week, from Monday.</param>
public sealed record AnalyticsReport(
    DateOnly From, DateOnly To, string TimeZone, ImmutableArray<AnalyticsDay> Days, int Peak, DateTimeOffset? PeakAt, SessionStatistics Sessions,
    ImmutableArray<double> Hours, ImmutableArray<WeekdayHours> Week);

/// <summary>What all users together did on one day.</summary>
/// <param name="Day">Which, UTC.</param>
/// <param name="Users">Registered users who were shown as here on it for a moment.</param>
/// <param name="Guests">Anonymous participants who were.</param>
/// <param name="WeeklyUsers">Registered users who were on it or one of the six days before.</param>
/// <param name="ReturnedAfterDay">The share of those of the day before who were here on this day as well; null where there were none.</param>
/// <param name="ReturnedAfterWeek">The share of those of the seventh day before; null where there were none.</param>
/// <param name="Peak">The most users and guests who were here at once.</param>
/// <param name="PeakAt">The first second in which they were, UTC; null where nobody was.</param>
/// <param name="Sessions">How many sessions ended on it.</param>
public sealed record AnalyticsDay(
    DateOnly Day, int Users, int Guests, int WeeklyUsers, double? ReturnedAfterDay, double? ReturnedAfterWeek, int Peak, DateTimeOffset? PeakAt, long Sessions);

/// <summary>How long sessions were, within 4.9 %: see <see cref="SessionLengths"/>. Null where there was none.</summary>
/// <param name="Count">How many, exactly.</param>
/// <param name="MedianSeconds">Half of them were no longer.</param>
/// <param name="P90Seconds">Of ten, nine were no longer.</param>
/// <param name="P95Seconds">Of twenty, nineteen were no longer.</param>
/// <param name="P99Seconds">Of a hundred, ninety-nine were no longer.</param>
public sealed record SessionStatistics(long Count, double? MedianSeconds, double? P90Seconds, double? P95Seconds, double? P99Seconds);

/// <summary>How many were here on average in the hours of one day of the week.</summary>
/// <param name="Weekday">Its English name, in small letters.</param>
/// <param name="Hours">In each of its hours, from midnight.</param>
public sealed record WeekdayHours(string Weekday, ImmutableArray<double> Hours);
