using System.Diagnostics;

namespace Presence.Simulation.Running;

/// <summary>Spreads schedules over processes of this program, and passes on what they say.</summary>
internal static class Processes
{
    /// <returns>0 if all of them found nothing wrong.</returns>
    public static async Task<int> RunAsync(SimulationArguments arguments)
    {
        var codes = await Task.WhenAll(Enumerable.Range(0, arguments.Processes).Select(index => RunAsync(arguments.OfProcess(index))));
        return codes.Max();
    }

    private static async Task<int> RunAsync(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Processes).Assembly.Location);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            Console.WriteLine(line);
        }

        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
