using Presence.Benchmarks.Analytics;
using Presence.Benchmarks.Broadcast;
using Presence.Benchmarks.Counts;
using Presence.Benchmarks.Crowds;
using Presence.Benchmarks.Events;
using Presence.Benchmarks.Http;
using Presence.Benchmarks.InProcess;
using Presence.Benchmarks.Peers;
using Presence.Benchmarks.Report;
using Presence.Benchmarks.Sweeps;

namespace Presence.Benchmarks;

/// <summary>Measures everything and writes the document; or only what is named, and shows it.</summary>
internal static class FullCommand
{
    private static readonly IReadOnlyList<IMeasurement> Measurements =
    [
        .. AllCounts.Sections.Select(section => new Counted(section)),
        new InProcessBenchmarks(), new MemoryPerUser(), new YearOfUsers(), new ThrottledHttpCall(), new SweepOnLocalHost(), new WebhookRuns(), new CrowdConnecting(), new ActivityToWatchers(),
    ];

    private static readonly string DocumentPath = Path.Combine("docs", "benchmarks.md");

    /// <returns>The exit code: 1 when something could not be measured.</returns>
    /// <exception cref="ArgumentException">There is no such measurement.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var all = Measurements.Select(measurement => measurement.Name).Distinct().ToList();
        if (names.FirstOrDefault(name => !all.Contains(name)) is { } unknown)
        {
            throw new ArgumentException(
                $"unknown measurement '{unknown}'; usage: dotnet run -c Release --project Presence.Benchmarks [-- {string.Join(" | ", all)}]");
        }

        // Of what runs now, whatever happens to the sources meanwhile.
        var commit = Repository.Commit();
        List<Section> sections = [];
        var isWhole = true;
        await using (var surroundings = new Surroundings(Console.Out))
        {
            foreach (var measurement in Measurements.Where(measurement => names.Count == 0 || names.Contains(measurement.Name)))
            {
                isWhole &= await MeasureAsync(measurement, surroundings, sections, cancellationToken);
            }
        }

        var document = Document.Write(commit, Machine.Describe(), sections);
        Console.WriteLine(document);
        if (names.Count == 0)
        {
            await File.WriteAllTextAsync(Path.Combine(Repository.Root, DocumentPath), document, cancellationToken);
            Console.WriteLine($"Written to {DocumentPath}.");
        }

        return isWhole ? 0 : 1;
    }

    /// <summary>One that fails does not keep the others from being measured; the document says so in its place.</summary>
    private static async Task<bool> MeasureAsync(
        IMeasurement measurement, Surroundings surroundings, List<Section> sections, CancellationToken cancellationToken)
    {
        try
        {
            sections.AddRange(await measurement.MeasureAsync(surroundings, cancellationToken));
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Console.Error.WriteLine($"{measurement.Name}: {e}");

            // Messages of others may hold paths of this machine, which have no place in the document.
            var why = e is PeerMissingException or TimeoutException ? e.Message : $"it failed ({e.GetType().Name})";
            sections.Add(new(measurement.Name, "", [Line.Missing(measurement.Name, why)]));
            return false;
        }
    }
}
