using Presence.Core.Domain;
using Presence.Core.Forecasting;

namespace Presence.Benchmarks.Forecasts;

/// <summary>One person: what the dice made of its plan, and what whoever knows the plan, but not the dice, would hold.</summary>
/// <param name="Shares">Of each hour, how much of it the person was here.</param>
/// <param name="Truth">Of each hour, how likely it was that the person is here, by its habits, holidays and rota.</param>
internal sealed record Person(double[] Shares, double[] Truth)
{
    private const int Throws = 200;

    private static readonly DateTimeOffset Start = new(2025, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Makes one.</summary>
    /// <param name="kind">Of which kind.</param>
    /// <param name="seed">From which seed: from the same the same.</param>
    /// <param name="weeks">For how many weeks.</param>
    public static Person Of(Kind kind, int seed, int weeks)
    {
        var random = new Random(seed);
        var plan = kind.Plan(random, weeks * 7);
        var hours = weeks * HourGrid.Week;
        var grid = HourGrid.Around(Start, 0, hours, TimeZoneInfo.Utc);
        var shares = Throw(grid, plan, hours, random);
        var truth = new double[hours];
        for (var i = 0; i < Throws; i++)
        {
            var again = Throw(grid, plan, hours, random);
            for (var hour = 0; hour < hours; hour++)
            {
                truth[hour] += again[hour] / Throws;
            }
        }

        return new(shares, truth);
    }

    private static double[] Throw(HourGrid grid, List<Block> plan, int hours, Random random) => grid.SharesOf(
        plan.SelectMany(block => block.Throw(random)).Select(s => new Session(Start.AddHours(s.Start), Start.AddHours(s.End))), hours);
}
