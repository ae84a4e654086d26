using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Presence.Benchmarks.Report;

namespace Presence.Benchmarks.InProcess;

/// <summary>
/// Runs what is measured with BenchmarkDotNet: each public class of this folder that has benchmarks, by the configuration that it names. What
/// is compared with is the baseline among the same parameters.
/// </summary>
internal sealed class InProcessBenchmarks : IMeasurement
{
    private const double MostTimesBaseline = 1.5;

    /// <summary>What the middleware may take of a request whose user's window is open.</summary>
    private const double MostOfARequest = 1_000;

    /// <summary>The benchmarks that are Presence itself; others are peers.</summary>
    private static readonly string[] Ours = ["RecordAsync", nameof(RecordedRequest.UsePresence)];

    public string Name => "inprocess";

    public Task<IReadOnlyList<Section>> MeasureAsync(Surroundings surroundings, CancellationToken cancellationToken) =>
        Task.Run<IReadOnlyList<Section>>(
            () =>
            {
                var artifacts = Directory.CreateTempSubdirectory("presence-benchmarks").FullName;
                try
                {
                    return [.. Classes().Select(type => Measure(type, artifacts, surroundings, cancellationToken))];
                }
                finally
                {
                    Directory.Delete(artifacts, recursive: true);
                }
            },
            cancellationToken)
        // A class cannot be interrupted. Whoever ends the program does not wait for it.
        .WaitAsync(cancellationToken);

    private static IEnumerable<Type> Classes() => typeof(InProcessBenchmarks).Assembly.GetExportedTypes()
        .Where(type => type.Namespace == typeof(InProcessBenchmarks).Namespace)
        .Where(type => type.GetMethods().Any(method => method.IsDefined(typeof(BenchmarkAttribute), inherit: false)))
        .OrderBy(type => type.Name, StringComparer.Ordinal);

    private static Section Measure(Type type, string artifacts, Surroundings surroundings, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        surroundings.Say($"{type.Name}, by BenchmarkDotNet");
        var summary = BenchmarkRunner.Run(type, ManualConfig.CreateEmpty().WithArtifactsPath(artifacts).AddLogger(NullLogger.Instance));
        var why = summary.ValidationErrors.FirstOrDefault(error => error.IsCritical)?.Message.Split('\n')[0];
        return new(
            $"{Words(type.Name)}, in process",
            "By BenchmarkDotNet in one process: the mean of a call, and what it allocates.",
            why is null ? [.. summary.Reports.SelectMany(report => Lines(report, summary))] : [Line.Missing(type.Name, why)]);
    }

    private static IEnumerable<Line> Lines(BenchmarkReport report, Summary summary)
    {
        var what = NameOf(report);
        if (report.ResultStatistics is not { } statistics)
        {
            yield return Line.Missing(what, "it did not come to an end");
            yield break;
        }

        var isOurs = Ours.Contains(report.BenchmarkCase.Descriptor.WorkloadMethod.Name);
        var baseline = BaselineOf(report, summary);
        yield return Line.Of(
            what,
            statistics.Mean,
            "ns",
            isOurs && baseline?.ResultStatistics is { } beside
                ? Goal.AtMostTimes(MostTimesBaseline, baseline.BenchmarkCase.Descriptor.WorkloadMethod.Name, beside.Mean)
                : isOurs ? Goal.AtMost(MostOfARequest) : null);
        if (isOurs && report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) is { } bytes)
        {
            yield return Line.Of($"{what}: allocated", bytes, "B", Goal.AtMost(0));
        }
    }

    private static BenchmarkReport? BaselineOf(BenchmarkReport report, Summary summary) => summary.Reports.FirstOrDefault(other =>
        other.BenchmarkCase.Descriptor.Baseline && other.BenchmarkCase.Parameters.DisplayInfo == report.BenchmarkCase.Parameters.DisplayInfo);

    private static string NameOf(BenchmarkReport report)
    {
        var parameters = report.BenchmarkCase.Parameters.Items.Select(p => $"{p.Name} {p.Value:#,0}");
        return string.Join(", ", parameters.Prepend(report.BenchmarkCase.Descriptor.WorkloadMethod.Name));
    }

    /// <summary>A name as words: <c>ThrottledCall</c> is "Throttled call".</summary>
    private static string Words(string name) =>
        string.Concat(name.Select((letter, i) => i > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
}
