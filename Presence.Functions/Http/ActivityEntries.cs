using Presence.Core.Domain;
using Presence.Core.Throttle;

namespace Presence.Functions.Http;

/// <summary>Reads what the application's backend tells of many users.</summary>
internal static class ActivityEntries
{
    /// <summary>The most entries that one call takes.</summary>
    public const int Most = 200;

    /// <summary>The largest body, in bytes: so many entries of the longest ids, every character written as <c>\uXXXX</c>, are 170,000.</summary>
    public const int MaxBytes = 262_144;

    /// <summary>The entries of the body.</summary>
    /// <inheritdoc cref="RequestBody.ReadArrayAsync" path="/exception"/>
    public static async Task<IReadOnlyList<ToldActivity>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var entries = await RequestBody.ReadArrayAsync(request, ApiJson.Default.ActivityEntry, Most, MaxBytes, cancellationToken);
        return [.. entries.Select((entry, i) => Parse(entry, RequestBody.Place(i)))];
    }

    private static ToldActivity Parse(ActivityEntry entry, string place) => new(
        PresenceKey.Parse(entry.UserId, place + ".userId"),
        entry.At is { } at ? Iso8601.Parse(at, place + ".at") : null,
        entry.Passive is true);
}
