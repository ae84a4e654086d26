using System.Globalization;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Rules;

namespace Presence.Core.TableStorage;

/// <summary>
/// The rows of sessions: one for each user and day, to which each session is merged as a property of its own. So nothing is read, and whoever writes the same
/// twice has written it once.
/// </summary>
internal static class HistoryRows
{
    /// <summary>Of the row: its day as a number, such as 20261126, so that the service can tell.</summary>
    public const string Day = "Day";

    private const string SlotPrefix = "s";

    /// <summary>Of a session that began on an earlier day.</summary>
    private const string FromBefore = "p";

    private const char Divider = '+';

    /// <summary>Adds a session to the row of its day.</summary>
    public static TableTransactionAction Keep(string partition, PresenceKey user, Session session)
    {
        var day = HistoryRules.DayOf(session);
        var column = HistoryRules.SlotOf(session) is { } slot ? SlotPrefix + slot.ToString("d3", CultureInfo.InvariantCulture) : FromBefore;
        return new(
            TableTransactionActionType.UpsertMerge,
            new TableEntity(partition, TableKeys.History(user, day)) { [Day] = NumberOf(day), [column] = ToText(session, day) });
    }

    /// <summary>The sessions of a row, in the order of their starts.</summary>
    public static IReadOnlyList<Session> ToSessions(TableEntity row)
    {
        var start = HistoryRules.StartOf(DayOf(row));
        return
        [
            .. row.Where(column => column.Key == FromBefore || IsSlot(column.Key))
                .Select(column => ToSession((string)column.Value, start))
                .OrderBy(session => session.Start),
        ];
    }

    /// <summary>A day as <see cref="Day"/> has it.</summary>
    public static int NumberOf(DateOnly day) => (day.Year * 10_000) + (day.Month * 100) + day.Day;

    /// <summary>The day of a row.</summary>
    public static DateOnly DayOf(TableEntity row) => row.GetInt32(Day) is { } day
        ? new(day / 10_000, day / 100 % 100, day % 100)
        : throw new InvalidDataException("The row has no day.");

    private static bool IsSlot(string column) => column.Length == 4 && column.StartsWith(SlotPrefix, StringComparison.Ordinal) && column.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>In milliseconds: from the begin of the day, which may be before it, and from there to its end.</summary>
    private static string ToText(Session session, DateOnly day) => string.Create(
        CultureInfo.InvariantCulture, $"{(long)(session.Start - HistoryRules.StartOf(day)).TotalMilliseconds}{Divider}{(long)session.Length.TotalMilliseconds}");

    private static Session ToSession(string text, DateTimeOffset dayStart)
    {
        var parts = text.Split(Divider);
        var start = dayStart.AddMilliseconds(long.Parse(parts[0], CultureInfo.InvariantCulture));
        return new(start, start.AddMilliseconds(long.Parse(parts[1], CultureInfo.InvariantCulture)));
    }
}
