using Presence.Core.Costs;
using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Budgets;

/// <summary>What this month costs, in US dollars.</summary>
/// <param name="Economy"><c>normal</c>, <c>thrifty</c>, <c>frugal</c> or <c>austere</c>.</param>
/// <param name="Since">Since when.</param>
/// <param name="Budget">What it may cost; null for no limit.</param>
/// <param name="Spent">So far; null, like what follows, as long as less than a day was measured.</param>
/// <param name="Expected">At its end, if it goes on as in the last week.</param>
/// <param name="Least">In four cases of five, at its end, from this</param>
/// <param name="Most">to this.</param>
public sealed record CostStats(string Economy, DateTimeOffset Since, double? Budget, double? Spent, double? Expected, double? Least, double? Most)
{
    /// <summary>What is told of a record.</summary>
    public static CostStats Of(BudgetRecord record, PresenceOptions options, DateTimeOffset now) => new(
        EconomyName.Of(record.StepAt(now)),
        record.Since,
        options.MonthlyBudget > 0 ? options.MonthlyBudget : null,
        Cents(record.Forecast?.Spent),
        Cents(record.Forecast?.Expected),
        Cents(record.Forecast?.Least),
        Cents(record.Forecast?.Most));

    /// <summary>The same for metrics.</summary>
    internal static IEnumerable<(string Kind, double Dollars)> AmountsOf(BudgetRecord record, PresenceOptions options)
    {
        if (record.Forecast is { } forecast)
        {
            yield return ("spent", forecast.Spent);
            yield return ("expected", forecast.Expected);
            yield return ("least", forecast.Least);
            yield return ("most", forecast.Most);
        }

        if (options.MonthlyBudget > 0)
        {
            yield return ("budget", options.MonthlyBudget);
        }
    }

    private static double? Cents(double? dollars) => dollars is { } amount ? Math.Round(amount, 2) : null;
}
