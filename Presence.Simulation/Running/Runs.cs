using System.Diagnostics;

namespace Presence.Simulation.Running;

/// <summary>Runs many schedules, and prints those that failed.</summary>
internal static class Runs
{
    public static async Task<int> RunAsync(SimulationArguments arguments)
    {
        var watch = Stopwatch.StartNew();
        var (ran, failed, commits) = (0, 0, 0L);
        for (; ran < arguments.Schedules && failed < arguments.Failures && !(watch.Elapsed.TotalMinutes >= arguments.Minutes); ran++)
        {
            using var schedule = new Schedule(arguments.Seed + (ulong)ran, keepsText: false);
            var verdict = await RunAsync(schedule, arguments.Seed + (ulong)ran);
            commits += verdict.Commits;
            if (arguments.PrintsHashes)
            {
                Console.WriteLine(FormattableString.Invariant($"{verdict.Seed} {verdict.Hash:x16}"));
            }

            if (verdict.Problem is { } problem)
            {
                failed++;
                Console.WriteLine(FormattableString.Invariant($"seed {verdict.Seed} failed {problem}"));
                Console.WriteLine(FormattableString.Invariant($"  again: dotnet run --project Presence.Simulation -- --replay {verdict.Seed}"));
            }
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{ran} schedules, {commits} changes, {failed} failed, {watch.Elapsed.TotalSeconds:F1} s"));
        return failed == 0 ? 0 : 1;
    }

    /// <summary>A schedule that cannot even be run to its end has failed too.</summary>
    private static async Task<Verdict> RunAsync(Schedule schedule, ulong seed)
    {
        try
        {
            return await schedule.RunAsync();
        }
        catch (Exception e)
        {
            return new(seed, 0, e.ToString(), "", 0, default);
        }
    }
}
