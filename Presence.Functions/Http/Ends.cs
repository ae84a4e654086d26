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
        var at = text.StartsWith('P') ? now + Iso8601.ParseDuration(text, field, Longest) : Iso8601.Parse(text, field).ToUniversalTime();
        return at > now && at <= now + Longest
            ? at.ToWholeMilliseconds()
            : throw new InvalidInputException(field, $"must lie in the future, and at most {Longest.TotalDays:0} days ahead");
    }
}
