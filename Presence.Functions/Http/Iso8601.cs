using System.Globalization;
using System.Text.RegularExpressions;
using Presence.Core.Domain;

namespace Presence.Functions.Http;

/// <summary>Reads moments and durations that callers write.</summary>
internal static partial class Iso8601
{
    /// <summary>The digits of a fraction of a second that are kept; what is finer is cut off.</summary>
    private const int Fraction = 7;

    /// <summary>A date and time of ISO 8601 in the extended form, with <c>Z</c> or an offset: without one it would be another moment on each machine.</summary>
    /// <exception cref="InvalidInputException">Anything else.</exception>
    public static DateTimeOffset Parse(string? text, string field)
    {
        var match = Form().Match(text ?? "");
        var fraction = match.Groups["fraction"].Value;
        var plain = $"{match.Groups["minute"].Value}:{(match.Groups["second"] is { Success: true } second ? second.Value : "00")}"
            + $".{fraction[..Math.Min(fraction.Length, Fraction)].PadRight(Fraction, '0')}{match.Groups["offset"].Value.Replace("Z", "+00:00", StringComparison.Ordinal)}";
        return match.Success && DateTimeOffset.TryParseExact(
            plain, "yyyy-MM-ddTHH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
                ? moment
                : throw new InvalidInputException(field, "must be a date and time of ISO 8601 with Z or an offset, such as 2026-11-23T10:49:35.573Z");
    }

    /// <summary>A duration of ISO 8601 of days, hours, minutes and seconds, such as <c>PT30M</c>: years and months differ in length. Null for anything else.</summary>
    public static TimeSpan? FindDuration(string text)
    {
        var match = DurationForm().Match(text);
        return match.Success && text is not "P" && !text.EndsWith('T')
            ? TimeSpan.FromSeconds((Part("days") * 86_400) + (Part("hours") * 3_600) + (Part("minutes") * 60) + Part("seconds"))
            : null;

        double Part(string name) => match.Groups[name] is { Success: true } part ? double.Parse(part.Value, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"\AP((?<days>[0-9]{1,6})D)?(T((?<hours>[0-9]{1,8})H)?((?<minutes>[0-9]{1,9})M)?((?<seconds>[0-9]{1,9}(\.[0-9]{1,3})?)S)?)?\z")]
    private static partial Regex DurationForm();

    [GeneratedRegex(@"\A(?<minute>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})(:(?<second>[0-9]{2})(\.(?<fraction>[0-9]{1,9}))?)?(?<offset>Z|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Form();
}
