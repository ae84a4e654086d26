using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Options;

namespace Presence.Core.Costs;

/// <summary>What is kept, for all instances, of what the month costs and what is done about it.</summary>
/// <param name="DecidedAt">When, UTC.</param>
/// <param name="Counts">The counts at that moment.</param>
/// <param name="Days">What was used: on the days of this month, and of the week before today; today's last.</param>
/// <param name="Forecast">The bill of the month; null as long as less than a day was measured.</param>
/// <param name="Step">The step of economy.</param>
/// <param name="Since">Since when.</param>
public sealed record BudgetRecord(
    DateTimeOffset DecidedAt, UsageCounts Counts, ImmutableArray<MeasuredDay> Days, Forecast? Forecast, Economy Step, DateTimeOffset Since)
{
    /// <summary>As long as nobody decides anew, a step holds; but not into another month, nor for more than a day.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromDays(1);

    private static readonly TimeSpan AnHour = TimeSpan.FromHours(1);

    /// <summary>Where nobody has counted for longer, nothing is said of that time: it may have been a stop, or one of which counts were lost.</summary>
    private static TimeSpan LongestGap(PresenceOptions options, DateTimeOffset now) =>
        Schedules.IntervalAt(options.CensusSchedule, now) * 3 is var threeTurns && threeTurns > AnHour ? threeTurns : AnHour;

    /// <summary>What is so from now on.</summary>
    /// <param name="last">What was kept last; null for nothing.</param>
    /// <param name="totals">What all instances have measured.</param>
    /// <param name="users">How many users are here.</param>
    /// <param name="options">The settings.</param>
    /// <param name="now">The moment.</param>
    public static BudgetRecord Next(BudgetRecord? last, MetricTotals totals, long users, PresenceOptions options, DateTimeOffset now)
    {
        var counts = UsageCounts.Of(totals);
        var seconds = last is null ? 0 : (now - last.DecidedAt).TotalSeconds;
        var days = seconds > 0 && seconds <= LongestGap(options, now).TotalSeconds
            ? With(last!.Days, now, seconds, counts.Since(last.Counts, seconds, users, options))
            : last?.Days ?? [];
        var forecast = Forecast.Of(days, now, options.Prices);
        var (step, since) = EconomyRules.Next(last is null ? null : (last.StepAt(now), last.Since), forecast, options.MonthlyBudget, now);
        return new(now, counts, days, forecast, step, since);
    }

    /// <summary>Whether it says something of the month of a moment.</summary>
    public bool IsCurrent(DateTimeOffset now) => !EconomyRules.IsOfEarlierMonth(DecidedAt, now) && now - DecidedAt <= GoodFor;

    /// <summary>The step that holds at a moment.</summary>
    public Economy StepAt(DateTimeOffset now) => IsCurrent(now) ? Step : Economy.Normal;

    internal string ToJson() => JsonSerializer.Serialize(this, BudgetJson.Default.BudgetRecord);

    internal static BudgetRecord FromJson(string json) => JsonSerializer.Deserialize(json, BudgetJson.Default.BudgetRecord)!;

    private static ImmutableArray<MeasuredDay> With(ImmutableArray<MeasuredDay> days, DateTimeOffset now, double seconds, Usage used)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var month = new DateOnly(today.Year, today.Month, 1);
        var from = today.AddDays(-Forecast.RecentDays) is var week && week < month ? week : month;
        var before = days.LastOrDefault(d => d.Day == today) ?? new MeasuredDay(today, 0, Usage.None);
        return [.. days.Where(d => d.Day >= from && d.Day < today), new(today, before.Seconds + seconds, before.Used + used)];
    }
}

[JsonSerializable(typeof(BudgetRecord))]
internal sealed partial class BudgetJson : JsonSerializerContext;
