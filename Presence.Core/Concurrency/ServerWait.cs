using System.Globalization;
using Azure;

namespace Presence.Core.Concurrency;

/// <summary>How long the service wishes its callers to wait, in any of the ways it says so.</summary>
internal static class ServerWait
{
    private static readonly string[] Milliseconds = ["retry-after-ms", "x-ms-retry-after-ms"];

    /// <summary>What an answer asks for; null if it asks for nothing.</summary>
    public static TimeSpan? Of(Response answer, DateTimeOffset now)
    {
        foreach (var name in Milliseconds)
        {
            if (answer.Headers.TryGetValue(name, out var text) && Number(text) is { } milliseconds)
            {
                return TimeSpan.FromMilliseconds(milliseconds);
            }
        }

        return answer.Headers.TryGetValue("Retry-After", out var after) ? Parse(after, now) : null;
    }

    /// <summary>What the answer behind an error asks for; null if it asks for nothing, or there was none.</summary>
    public static TimeSpan? Of(Exception error, DateTimeOffset now) => error switch
    {
        RequestFailedException e => e.GetRawResponse() is { } answer ? Of(answer, now) : null,
        AggregateException many => many.InnerExceptions.Max(e => Of(e, now)),
        _ => null,
    };

    private static TimeSpan? Parse(string text, DateTimeOffset now) =>
        Number(text) is { } seconds ? TimeSpan.FromSeconds(seconds)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)
            ? until > now ? until - now : TimeSpan.Zero
        : null;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
