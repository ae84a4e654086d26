using System.Globalization;

namespace Presence.Benchmarks.Counts;

/// <summary>What is counted now beside what is known.</summary>
/// <param name="Worse">What got worse, or is not to be compared, in words.</param>
/// <param name="Better">What got better, in words.</param>
internal sealed record CountComparison(IReadOnlyList<string> Worse, IReadOnlyList<string> Better)
{
    public bool IsGood => Worse.Count == 0;

    public static CountComparison Of(IReadOnlyList<Count> counts, IReadOnlyDictionary<string, double> known)
    {
        List<string> worse = [], better = [];
        foreach (var count in counts)
        {
            if (!known.TryGetValue(count.Name, out var before))
            {
                worse.Add($"{count.Name}: {Number(count.Value)}, but the file of the known counts does not have it");
            }
            else if (!count.IsLike(before))
            {
                (count.Value > before ? worse : better).Add(
                    $"{count.Name}: {Number(count.Value)} instead of {Number(before)} ({Signed(count.Value - before)})");
            }
        }

        worse.AddRange(known.Keys.Except(counts.Select(count => count.Name))
            .Select(name => $"{name}: in the file of the known counts, but not counted any more"));
        return new(worse, better);
    }

    private static string Number(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);

    private static string Signed(double difference) => difference.ToString("+#,0.###;-#,0.###", CultureInfo.InvariantCulture);
}
