using System.Globalization;

namespace Presence.Core.Throttle;

/// <summary>
/// ETags of Table Storage in eight bytes instead of a hundred: <c>W/"datetime'2026-11-26T05%3A25%3A19.1234567Z'"</c> is a moment, and with how
/// many digits it is written.
/// </summary>
internal static class RowTags
{
    private const string Before = "W/\"datetime'";
    private const string After = "Z'\"";
    private const string Colon = "%3A";
    private const int MostDigits = 7;

    /// <summary>The tag in short; 0 where it is of another kind, or none.</summary>
    public static long Pack(string? tag)
    {
        if (tag is null || tag.Length <= Before.Length + After.Length
            || !tag.StartsWith(Before, StringComparison.Ordinal) || !tag.EndsWith(After, StringComparison.Ordinal))
        {
            return 0;
        }

        var text = tag[Before.Length..^After.Length].Replace(Colon, ":", StringComparison.Ordinal);
        var digits = text.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? text.Length - dot - 1 : 0;
        if (digits > MostDigits
            || !DateTime.TryParseExact(text, FormatOf(digits), CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment))
        {
            return 0;
        }

        var packed = (moment.Ticks << 3) | (long)digits;
        return Unpack(packed) == tag ? packed : 0;
    }

    /// <summary>The tag that was packed.</summary>
    public static string Unpack(long packed) =>
        Before
        + new DateTime(packed >> 3).ToString(FormatOf((int)(packed & 7)), CultureInfo.InvariantCulture).Replace(":", Colon, StringComparison.Ordinal)
        + After;

    private static string FormatOf(int digits) => digits == 0 ? "yyyy-MM-dd'T'HH:mm:ss" : "yyyy-MM-dd'T'HH:mm:ss." + new string('f', digits);
}
