using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Presence.Benchmarks.Report;
using Presence.LocalHost.Azurite;

namespace Presence.Benchmarks.Counts;

/// <summary>Counts, and compares with what is known: the quick part, for each change of the code.</summary>
internal static class CountsCommand
{
    public const string Name = "counts";

    private const string Update = "--update";

    private static readonly string KnownPath = Path.Combine("Presence.Benchmarks", "counts.json");

    /// <returns>The exit code: 1 when a count got worse.</returns>
    /// <exception cref="ArgumentException">An argument is unknown.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (arguments.FirstOrDefault(argument => argument != Update) is { } unknown)
        {
            throw new ArgumentException($"unknown argument '{unknown}'; usage: dotnet run --project Presence.Benchmarks -- {Name} [{Update}]");
        }

        var counts = await CountAsync(cancellationToken);
        var path = Path.Combine(Repository.Root, KnownPath);
        if (arguments.Count > 0)
        {
            await File.WriteAllTextAsync(path, CountsFile.Write(counts), cancellationToken);
            Console.WriteLine($"{counts.Count} counts written to {KnownPath}.");
            return 0;
        }

        return Tell(CountComparison.Of(counts, CountsFile.Read(await File.ReadAllTextAsync(path, cancellationToken))), counts.Count);
    }

    private static async Task<List<Count>> CountAsync(CancellationToken cancellationToken)
    {
        await using var azurite = await AzuriteServer.StartAsync(new() { Port = 0 }, NullLogger<AzuriteServer>.Instance, cancellationToken);
        List<Count> counts = [];
        foreach (var section in AllCounts.Sections)
        {
            Console.WriteLine(section.Title);
            foreach (var count in await section.CountAsync(azurite.ConnectionString, cancellationToken))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {count.Value,9:#,0.###}  {count.Name}"));
                counts.Add(count);
            }
        }

        return counts;
    }

    private static int Tell(CountComparison comparison, int counts)
    {
        foreach (var worse in comparison.Worse)
        {
            Console.Error.WriteLine($"WORSE   {worse}");
        }

        foreach (var better in comparison.Better)
        {
            Console.WriteLine($"BETTER  {better}");
        }

        if (comparison.Better.Count > 0)
        {
            Console.WriteLine($"Keep what was gained: dotnet run --project Presence.Benchmarks -- {Name} {Update}");
        }

        Console.WriteLine($"{counts} counts, {comparison.Worse.Count} worse, {comparison.Better.Count} better than {KnownPath}");
        return comparison.IsGood ? 0 : 1;
    }
}
