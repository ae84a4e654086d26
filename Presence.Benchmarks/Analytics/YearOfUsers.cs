using System.Diagnostics;
using Presence.Benchmarks.Counts;
using Presence.Benchmarks.Report;
using Presence.Core.Analytics;
using Presence.Core.Ports;

namespace Presence.Benchmarks.Analytics;

/// <summary>How long it takes to sum up a year of many users day by day, and to answer it.</summary>
internal sealed class YearOfUsers : IMeasurement
{
    private const int Users = 10_000;
    private const int Rounds = 5;

    public string Name => "analytics";

    public async Task<IReadOnlyList<Section>> MeasureAsync(Surroundings surroundings, CancellationToken cancellationToken)
    {
        surroundings.Say("a year of users");
        var year = new SimulatedYear(Users, seed: 1);
        await using var instance = FunctionInstance.Create(
            await surroundings.StorageAsync(cancellationToken), $"y{Guid.NewGuid():N}", TimeProvider.System, _ => { });
        var (summaries, reader) = (instance.Get<IDaySummaryStore>(), instance.Get<AnalyticsReader>());
        var folding = TimeSpan.Zero;
        foreach (var day in Enumerable.Range(0, SimulatedYear.Days).Select(SimulatedYear.First.AddDays))
        {
            var began = Stopwatch.GetTimestamp();
            var fold = new DayFold(day);
            foreach (var (user, session) in year.EndedOn(DayFold.FirstNeeded(day), day.AddDays(1)))
            {
                fold.Add(user, session);
            }

            var summary = fold.ToSummary();
            folding += Stopwatch.GetElapsedTime(began);
            await summaries.TryAddAsync(summary, cancellationToken);
        }

        List<TimeSpan> answers = [];
        AnalyticsReport? report = null;
        for (var round = 0; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            report = await reader.ReadAsync(
                SimulatedYear.First, SimulatedYear.First.AddDays(SimulatedYear.Days - 1), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), cancellationToken);
            answers.Add(Stopwatch.GetElapsedTime(began));
        }

        return
        [
            new(
                $"Analytics of a year of {Users:N0} users",
                $"{year.Sessions:N0} sessions, made up by a seed. Each day is summed up by itself, from the eight days up to it and the one after, as the clean-up does, without "
                    + "reading them from storage; then the year is answered from the 365 rows, by one request, over Azurite (median of five).",
                [
                    Line.Of("summing up 365 days", folding.TotalSeconds, "s", Goal.AtMost(30)),
                    Line.Of("summing up one of them", folding.TotalMilliseconds / SimulatedYear.Days, "ms"),
                    Line.Of("answering the year", answers.Order().ElementAt(Rounds / 2).TotalMilliseconds, "ms", Goal.AtMost(2_000)),
                    Line.Of("days answered", report!.Days.Length, "", Goal.AtLeast(SimulatedYear.Days)),
                ]),
        ];
    }
}
