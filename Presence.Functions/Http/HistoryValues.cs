using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Net.Http.Headers;
using Presence.Core.Domain;

namespace Presence.Functions.Http;

/// <summary>Reads which days are asked for and in which form, and writes the form that is not JSON.</summary>
internal static partial class HistoryValues
{
    /// <summary>The most days of one answer about a user or a conversation.</summary>
    public const int MaxDays = 100;

    /// <summary>The most days of one answer about all users.</summary>
    public const int MaxSummedDays = 400;

    /// <summary>The longest id of a time zone.</summary>
    public const int MaxTimeZone = 64;

    public const string Csv = "text/csv; charset=utf-8";

    private const string Json = "application/json";

    /// <summary>So many days are answered where none are named.</summary>
    private const int DefaultDays = 30;

    /// <summary>The days of <c>?from=</c> and <c>?to=</c>, both included, UTC: today where the last is not named, and 30 days where the first is not.</summary>
    /// <exception cref="InvalidInputException">One is no day, or there more than once, or they are in the wrong order, or too many.</exception>
    public static (DateOnly From, DateOnly To) Days(HttpRequest request, int most, DateTimeOffset now)
    {
        var to = Day(request, "to") ?? DateOnly.FromDateTime(now.UtcDateTime);
        var from = Day(request, "from") ?? DateOnly.FromDayNumber(Math.Max(0, to.DayNumber - DefaultDays + 1));
        return to < from ? throw new InvalidInputException("to", "must not be before from")
            : to.DayNumber - from.DayNumber >= most ? throw new InvalidInputException("from", $"must be at most {most} days up to and with to; it is {to.DayNumber - from.DayNumber + 1}")
            : (from, to);
    }

    /// <summary>Whether the answer is to be CSV: by <c>?format=</c>, or where that is not there by <c>Accept</c>.</summary>
    /// <exception cref="InvalidInputException">The format is neither, or there more than once.</exception>
    public static bool IsCsv(HttpRequest request) => RequestValues.Once(request, "format") switch
    {
        "" => Prefers(request.Headers.Accept),
        "csv" => true,
        "json" => false,
        _ => throw new InvalidInputException("format", "must be json or csv"),
    };

    /// <summary>The time zone of <c>?timeZone=</c>, by its IANA id; UTC where that is not there.</summary>
    /// <exception cref="InvalidInputException">There is none of this id, or it is there more than once.</exception>
    public static TimeZoneInfo TimeZone(HttpRequest request) => RequestValues.Once(request, "timeZone") switch
    {
        "" => TimeZoneInfo.Utc,
        { Length: <= MaxTimeZone } id when ZoneId().IsMatch(id) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) && zone.HasIanaId => zone,
        _ => throw new InvalidInputException("timeZone", "must be the IANA id of a time zone, such as Europe/Berlin"),
    };

    /// <summary>One line for each session.</summary>
    public static TextResult ToCsv(IEnumerable<Session> sessions) => Table("start,end", sessions.Select(session => $"{Text(session.Start)},{Text(session.End)}"));

    /// <summary>One line for each hour.</summary>
    public static TextResult ToCsv(IEnumerable<ConversationHour> hours) => Table(
        "hour,peak,onlineMinutes", hours.Select(hour => string.Create(CultureInfo.InvariantCulture, $"{Text(hour.Hour)},{hour.Peak},{hour.OnlineMinutes}")));

    private static DateOnly? Day(HttpRequest request, string name) => RequestValues.Once(request, name) switch
    {
        "" => null,
        var text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) => day,
        _ => throw new InvalidInputException(name, "must be a day (UTC) such as 2026-11-26"),
    };

    /// <summary>Of what is accepted CSV comes before JSON; what stands for anything is no wish for CSV.</summary>
    private static bool Prefers(Microsoft.Extensions.Primitives.StringValues accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var types))
        {
            return false;
        }

        return QualityOf(Csv.Split(';')[0]) is > 0 and var csv && csv > QualityOf(Json);

        double QualityOf(string type) => types.Where(t => t.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(t => t.Quality ?? 1).DefaultIfEmpty(0).Max();
    }

    /// <summary>As RFC 4180 has it. No field needs quotes: all are times and numbers.</summary>
    private static TextResult Table(string head, IEnumerable<string> lines)
    {
        var text = new StringBuilder(head).Append("\r\n");
        foreach (var line in lines)
        {
            text.Append(line).Append("\r\n");
        }

        return new(text.ToString(), Csv);
    }

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}\z")]
    private static partial Regex ZoneId();
}
