namespace Presence.Core.Forecasting;

/// <summary>When a user is usually here in the next seven days, or why nothing is said of that.</summary>
/// <param name="UserId">The user.</param>
/// <param name="TimeZone">The time zone whose hours these are.</param>
/// <param name="None">
/// Why there are no hours; null where there are. <c>history_off</c>: no history is kept. <c>too_little_history</c>: less is known than four weeks,
/// or than the caller may know. <c>not_predictable</c>: the past of the user does not tell. <c>no_usual_hours</c>: it is usually gone, whatever the hour.
/// </param>
/// <param name="Hours">When the user is usually here: more often than not. In the order of time.</param>
public sealed record Forecast(string UserId, string TimeZone, string? None, IReadOnlyList<UsualTime> Hours);

/// <summary>A time in which a user is usually here: whole hours, by the clocks of the time zone.</summary>
/// <param name="Start">When it begins; the first may have begun with the hour under way.</param>
/// <param name="End">When it is over.</param>
public sealed record UsualTime(DateTimeOffset Start, DateTimeOffset End);
