using System.Diagnostics;
using System.Globalization;

namespace Presence.Tests.Simulation;

/// <summary>
/// Many instances on a virtual clock, everything that can go wrong going wrong, judged by a plain model: docs/simulation.md. It runs in
/// processes of its own, because each has but one thread.
/// </summary>
public class SimulationTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Presence.Simulation.dll");

    [Fact]
    public async Task NoScheduleOfTenThousandBreaksAPromise()
    {
        var (code, output) = await RunAsync("--schedules", "10000", "--processes", "2");

        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task OneSeedIsOneStory()
    {
        var (_, first) = await RunAsync("--schedules", "30", "--processes", "1", "--hashes");
        var (_, again) = await RunAsync("--schedules", "30", "--processes", "1", "--hashes");

        Assert.Equal(Hashes(first), Hashes(again));
        Assert.Equal(30, Hashes(first).Distinct().Count());
    }

    [Fact]
    public async Task AReplayTellsTheSameStoryInWords()
    {
        var (_, many) = await RunAsync("--schedules", "1", "--seed", "7", "--processes", "1", "--hashes");
        var (_, one) = await RunAsync("--replay", "7");

        Assert.EndsWith("all held", one.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("hash " + Hashes(many).Single()["7 ".Length..], one, StringComparison.Ordinal);
        Assert.Contains("trouble ends", one, StringComparison.Ordinal);
        Assert.Matches(@"wh1 +is told presence\.status u\d/", one);
    }

    private static IReadOnlyList<string> Hashes(string output) =>
        [.. output.Split('\n').Where(line => line.Split(' ') is [var seed, { Length: 16 }] && int.TryParse(seed, CultureInfo.InvariantCulture, out _))];

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
