using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Rules;

/// <summary>
/// What is kept of sessions. Each day of a user has a row, to which a session adds a property without anything being read: named for the six minutes of the day in
/// which it began, so that there are never too many. Of several that began in the same six minutes the last is kept; the others had ended within these.
/// </summary>
internal static class HistoryRules
{
    /// <summary>Into so many parts a day falls. A row takes 252 properties: there is room for one session more, that began on an earlier day, and for the day.</summary>
    public const int Slots = 240;

    /// <summary>How long each of them is.</summary>
    public static readonly TimeSpan SlotLength = TimeSpan.FromDays(1) / Slots;

    /// <summary>
    /// The session that a change ends: the user was shown, and is not any more. It began when <see cref="OnlineRecord.Since"/> says, which is when the user
    /// was shown: whoever can be seen again begins anew. Of a user who is erased none is kept, nor one that was over, by clocks that differ, before it began.
    /// </summary>
    public static Session? Finished(UserRecords before, PresenceEvent happened, UserRecords after, DateTimeOffset now, PresenceOptions options) =>
        options.KeepsHistory && happened is not PresenceEvent.Erased
        && before is { Online: { } online, Status: not PresenceStatus.Offline } && after.Status == PresenceStatus.Offline && now > online.Since
            ? new(online.Since, now)
            : null;

    /// <summary>The day (UTC) that a session stands on: that of its last moment.</summary>
    public static DateOnly DayOf(Session session) => DayOf(session.End.AddTicks(-1));

    /// <summary>The part of that day in which it began; null where it began on an earlier one. Of these a day has at most one.</summary>
    public static int? SlotOf(Session session) =>
        DayOf(session.Start) == DayOf(session) ? (int)(session.Start.UtcDateTime.TimeOfDay / SlotLength) : null;

    /// <summary>The day of a moment, UTC.</summary>
    public static DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(moment.UtcDateTime);

    /// <summary>When the hour of a moment began, UTC.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset moment) => StartOf(DayOf(moment)).AddHours(moment.UtcDateTime.Hour);

    /// <summary>The hours of a conversation from its counts, in their order; each count stands for the time given, from one census to the next.</summary>
    public static IEnumerable<ConversationHour> HoursOf(IEnumerable<ConversationCount> counts, TimeSpan each) => counts
        .GroupBy(count => HourOf(count.Minute))
        .OrderBy(hour => hour.Key)
        .Select(hour => new ConversationHour(hour.Key, hour.Max(count => count.Present), hour.Sum(count => (long)count.Present) * each.TotalMinutes));

    /// <summary>The first moment of a day, UTC.</summary>
    public static DateTimeOffset StartOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>The first day of each month that has one of the days given.</summary>
    public static IEnumerable<DateOnly> MonthsOf(DateOnly fromDay, DateOnly toDay)
    {
        // By numbers: behind the last month there is, there is no other to compare with.
        for (var month = NumberOf(fromDay); month <= NumberOf(toDay) && fromDay <= toDay; month++)
        {
            yield return new(month / 12, (month % 12) + 1, 1);
        }

        static int NumberOf(DateOnly day) => (day.Year * 12) + day.Month - 1;
    }

    /// <summary>The last day of the month that a day is in.</summary>
    public static DateOnly LastOfMonth(DateOnly day) => new(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month));

    /// <summary>The first day that is still kept; the day after today where nothing is to be.</summary>
    public static DateOnly FirstKept(DateTimeOffset now, PresenceOptions options) =>
        options.KeepsHistory ? DayOf(now - options.HistoryRetention) : DayOf(now).AddDays(1);
}
