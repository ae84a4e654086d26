using Presence.Core.Domain;

namespace Presence.Core.Costs;

/// <summary>Which step of economy a forecast asks for.</summary>
internal static class EconomyRules
{
    /// <summary>
    /// A step is kept so long at least, so that one comes after the other. What it saves shows in the forecast only after days, for that looks back on a
    /// week: where the budget is far exceeded all steps are taken, and left one by one.
    /// </summary>
    public static readonly TimeSpan Least = TimeSpan.FromHours(1);

    /// <summary>A step is left where the forecast is so much of the budget below that at which it is taken: else it would come and go.</summary>
    private const double Hysteresis = 0.1;

    /// <summary>The step from now on: the next above or below the last one, or the same.</summary>
    /// <param name="last">The last step, and since when; null if there is none.</param>
    /// <param name="forecast">The forecast; null where nothing can be said: then nothing is done.</param>
    /// <param name="budget">What a month may cost; 0 for no limit.</param>
    /// <param name="now">The moment.</param>
    public static (Economy Step, DateTimeOffset Since) Next((Economy Step, DateTimeOffset Since)? last, Forecast? forecast, double budget, DateTimeOffset now)
    {
        if (last is not { } kept)
        {
            return (Economy.Normal, now);
        }

        if (budget <= 0 || forecast is null || IsOfEarlierMonth(kept.Since, now))
        {
            return kept.Step == Economy.Normal && !IsOfEarlierMonth(kept.Since, now) ? kept : (Economy.Normal, now);
        }

        var share = forecast.Expected / budget;
        var next = kept.Step < Economy.Austere && share >= TakenAt(kept.Step + 1) ? kept.Step + 1
            : kept.Step > Economy.Normal && share < TakenAt(kept.Step) - Hysteresis ? kept.Step - 1
            : kept.Step;
        return next != kept.Step && now - kept.Since >= Least ? (next, now) : kept;
    }

    /// <summary>Whether a moment is of a month before that of another: what was decided in it is over, for the budget begins anew.</summary>
    public static bool IsOfEarlierMonth(DateTimeOffset moment, DateTimeOffset now) =>
        (moment.UtcDateTime.Year, moment.UtcDateTime.Month).CompareTo((now.UtcDateTime.Year, now.UtcDateTime.Month)) < 0;

    /// <summary>At which forecast, as a share of the budget, a step is taken.</summary>
    private static double TakenAt(Economy step) => step switch
    {
        Economy.Normal => 0,
        Economy.Thrifty => 0.95,
        Economy.Frugal => 1.1,
        Economy.Austere => 1.3,
    };
}
