using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Presence.Core.Ports;

/// <summary>What became of checks.</summary>
/// <param name="Right">Users shown as they are.</param>
/// <param name="Wrong">Users who are not so, and have not been for long.</param>
/// <param name="Unchecked">Users of whom it could not be found out.</param>
/// <param name="Unasked">Users of whom the service cannot tell. Rows of older versions have none: those were counted as right.</param>
public readonly record struct TruthCounts(long Right, long Wrong, long Unchecked, long Unasked = 0)
{
    /// <summary>The sum.</summary>
    public static TruthCounts operator +(TruthCounts a, TruthCounts b) =>
        new(a.Right + b.Right, a.Wrong + b.Wrong, a.Unchecked + b.Unchecked, a.Unasked + b.Unasked);

    /// <summary>The sum.</summary>
    public static TruthCounts Add(TruthCounts left, TruthCounts right) => left + right;
}

/// <summary>The checks of one hour.</summary>
/// <param name="Begin">When it began, UTC.</param>
/// <param name="Counts">What became of them.</param>
public sealed record TruthHour(DateTimeOffset Begin, TruthCounts Counts);

/// <summary>What is kept of the checks of all instances. Nobody is named in it.</summary>
/// <param name="CheckedAt">When users were last taken to be checked, UTC.</param>
/// <param name="Hours">The checks of the last day, those of this hour last.</param>
public sealed record TruthRecord(DateTimeOffset CheckedAt, ImmutableArray<TruthHour> Hours)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>The checks of the day up to a moment; null where none have been made in it.</summary>
    public TruthCounts? CountsAt(DateTimeOffset now) =>
        now - CheckedAt < Kept ? KeptAt(now).Aggregate(default(TruthCounts), (sum, hour) => sum + hour.Counts) : null;

    /// <summary>What is kept from now on.</summary>
    /// <param name="last">What was kept; null for nothing.</param>
    /// <param name="further">The checks since.</param>
    /// <param name="now">The moment.</param>
    public static TruthRecord Next(TruthRecord? last, TruthCounts further, DateTimeOffset now)
    {
        var hour = HourOf(now);
        var counts = last?.Hours.LastOrDefault(h => h.Begin == hour)?.Counts ?? default;
        return new(now, [.. last?.KeptAt(now).Where(h => h.Begin < hour) ?? [], new(hour, counts + further)]);
    }

    private static DateTimeOffset HourOf(DateTimeOffset now) => new(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour), TimeSpan.Zero);

    private IEnumerable<TruthHour> KeptAt(DateTimeOffset now) => Hours.Where(h => h.Begin > HourOf(now) - Kept);

    internal string ToJson() => JsonSerializer.Serialize(this, TruthJson.Default.TruthRecord);

    internal static TruthRecord FromJson(string json) => JsonSerializer.Deserialize(json, TruthJson.Default.TruthRecord)!;
}

[JsonSerializable(typeof(TruthRecord))]
internal sealed partial class TruthJson : JsonSerializerContext;
