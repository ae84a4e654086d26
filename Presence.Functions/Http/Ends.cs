using Presence.Core.Domain;

namespace Presence.Functions.Http;

/// <summary>Reads when something ends: a moment or a duration from now, both of ISO 8601.</summary>
internal static class Ends
{
    /// <summary>How far ahead anything may end.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>The moment, UTC, in whole milliseconds.</summary>
    /// <exception cref="InvalidInputException">It is neither, lies in the past, or too far ahead.</exception>
    public static DateTimeOffset Parse(string text, string field, DateTimeOffset now)
    {
        var at = text.StartsWith('P') ? now + Duration(text, field) : Iso8601.Parse(text, field).ToUniversalTime();
        return at > now && at <= now + Longest
            ? at.ToWholeMilliseconds()
            : throw new InvalidInputException(field, $"must lie in the future, and at most {Longest.TotalDays:0} days ahead");
    }

    private static TimeSpan Duration(string text, string field) => Iso8601.FindDuration(text) switch
    {
        null => throw new InvalidInputException(field, "must be a moment of ISO 8601, or a duration of days, hours, minutes and seconds such as PT30M or P1D"),
        { } duration when duration > Longest => throw new InvalidInputException(field, $"must be at most {Longest.TotalDays:0} days"),
        { } duration => duration,
    };
}
