using Presence.Core.Options;

namespace Presence.Core.Costs;

/// <summary>What a stretch of a month costs, in US dollars: the formula of docs/costs.md.</summary>
internal static class Bill
{
    /// <summary>A day in seconds.</summary>
    public const double Day = 86_400;

    private const double Million = 1_000_000;

    /// <summary>What of a day's use is billed: of its messages those beyond what the units of the day include.</summary>
    public static Usage Billed(MeasuredDay day, PricesOptions prices) => day.Used with
    {
        Messages = Math.Max(0, day.Used.Messages - (day.Used.UnitDays * prices.IncludedMessages * Million)),
    };

    /// <summary>What it costs, less what a month has at no charge.</summary>
    /// <param name="billed">What was used of what is billed.</param>
    /// <param name="months">How much of the month that is, for what it costs whatever happens.</param>
    /// <param name="prices">The prices.</param>
    public static double Of(Usage billed, double months, PricesOptions prices) => AtFullPrice(
        billed with
        {
            Executions = Math.Max(0, billed.Executions - prices.FreeExecutions),
            ComputeTime = Math.Max(0, billed.ComputeTime - prices.FreeComputeTime),
            LogBytes = Math.Max(0, billed.LogBytes - (prices.FreeLogs * 1e9)),
        },
        prices) + (prices.Fixed * months);

    /// <summary>What it costs once nothing is at no charge any more.</summary>
    public static double AtFullPrice(Usage billed, PricesOptions prices) =>
        (billed.Executions / Million * prices.Executions)
        + (billed.ComputeTime * prices.ComputeTime)
        + (billed.TableRequests / 10_000 * prices.TableRequests)
        + (billed.UnitDays * prices.Unit)
        + (billed.Messages / Million * prices.Messages)
        + (billed.LogBytes / 1e9 * prices.Logs);
}
