using Presence.Benchmarks.Report;

namespace Presence.Benchmarks;

/// <summary>Something that is measured on this machine.</summary>
internal interface IMeasurement
{
    /// <summary>By which the command line names it.</summary>
    string Name { get; }

    Task<IReadOnlyList<Section>> MeasureAsync(Surroundings surroundings, CancellationToken cancellationToken);
}
