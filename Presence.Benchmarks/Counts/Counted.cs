using Presence.Benchmarks.Report;

namespace Presence.Benchmarks.Counts;

/// <summary>Counts as a part of the document.</summary>
internal sealed class Counted(ICounted section) : IMeasurement
{
    public string Name => CountsCommand.Name;

    public async Task<IReadOnlyList<Section>> MeasureAsync(Surroundings surroundings, CancellationToken cancellationToken)
    {
        surroundings.Say(section.Title);
        var counts = await section.CountAsync(await surroundings.StorageAsync(cancellationToken), cancellationToken);
        return [new(section.Title, section.How, [.. counts.Select(count => Line.Of(count.Name, count.Value, goal: count.Goal))])];
    }
}
