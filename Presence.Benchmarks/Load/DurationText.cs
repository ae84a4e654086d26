using System.Globalization;

namespace Presence.Benchmarks.Load;

/// <summary>Times as one types them: <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>1h</c>.</summary>
internal static class DurationText
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)),
    ];

    /// <summary>The time, or null if it is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        return digits is > 0 and <= 9 && Array.Find(Units, unit => unit.Unit == text[digits..]) is (not null, var length)
            ? length * int.Parse(text.AsSpan(0, digits), CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>The same in the largest unit in which it is a whole number.</summary>
    public static string Of(TimeSpan time)
    {
        var (unit, length) = Units.Last(u => time.Ticks % u.Length.Ticks == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / length.Ticks}{unit}");
    }
}
