using Presence.Benchmarks.Report;

namespace Presence.Benchmarks.Forecasts;

/// <summary>Tries the forecast, and simple models beside it, on people whose habits are known, because they were made.</summary>
internal static class ForecastCommand
{
    public const string Name = "forecast";

    private const string Update = "--update";
    private const int People = 40;
    private const int Seed = 2026;

    private static readonly string PagePath = Path.Combine("docs", "forecast.md");
    private static readonly string PlotPath = Path.Combine("docs", "images", "forecast.svg");

    /// <returns>The exit code.</returns>
    /// <exception cref="ArgumentException">An argument is unknown.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (arguments.FirstOrDefault(argument => argument != Update) is { } unknown)
        {
            throw new ArgumentException($"unknown argument '{unknown}'; usage: dotnet run -c Release --project Presence.Benchmarks -- {Name} [{Update}]");
        }

        var trials = Trial.All(Seed, People);
        cancellationToken.ThrowIfCancellationRequested();
        var table = ForecastTable.Write(trials);
        Console.WriteLine(table);
        if (arguments.Count > 0)
        {
            var page = Path.Combine(Repository.Root, PagePath);
            await File.WriteAllTextAsync(page, ForecastTable.Into(await File.ReadAllTextAsync(page, cancellationToken), table), cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(Repository.Root, PlotPath), ForecastPlot.Draw(trials), cancellationToken);
            Console.WriteLine($"Written to {PagePath} and {PlotPath}.");
        }

        return 0;
    }
}
