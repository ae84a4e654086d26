using System.Globalization;

namespace Presence.Benchmarks.Load;

/// <summary>Many users over some hosts, for a while; and whether all was well.</summary>
internal static class LoadCommand
{
    public const string Name = "load";

    /// <returns>The exit code: 1 when a check fails.</returns>
    /// <exception cref="ArgumentException">An argument is not fit.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var parsed = LoadArguments.Parse(arguments);
        if (parsed.Start == 0)
        {
            return Tell(await new LoadRun(parsed, new GivenHosts(parsed.Urls, parsed.ProcessIds), Console.Out).RunAsync(cancellationToken));
        }

        Console.WriteLine($"starting {parsed.Start} local hosts");
        await using var hosts = await StartedHosts.StartAsync(parsed.Start, parsed.Logs, cancellationToken);
        return Tell(await new LoadRun(parsed, hosts, Console.Out) { Started = hosts }.RunAsync(cancellationToken));
    }

    private static int Tell((Tally Tally, Kills Kills, IReadOnlyList<LoadCheck> Checks) result)
    {
        var (tally, kills, checks) = result;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{tally.Answered:#,0} calls answered, {LatencyText.Of(tally.Latencies)}, throttled {LatencyText.Share(tally.Throttled, tally.Answered)}; "
            + $"{tally.Messages:#,0} messages heard; {kills.Count} hosts killed, {tally.Injected} failures that this explains"));
        foreach (var check in checks)
        {
            Console.WriteLine($"{(check.Holds ? "ok    " : "FAILED")}  {check.What}");
        }

        return checks.All(check => check.Holds) ? 0 : 1;
    }
}
