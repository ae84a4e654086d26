using Presence.Benchmarks.Crowds;
using Presence.Benchmarks.Events;
using Presence.Benchmarks.Sweeps;

namespace Presence.Benchmarks.Counts;

/// <summary>All that is counted without a clock on the wall.</summary>
internal static class AllCounts
{
    public static IReadOnlyList<ICounted> Sections { get; } =
        [new RequestsOfActiveUsers(), new LookUpsPastTheBound(), new RequestsOfASweep(), new RequestsOfConnecting(), new RequestsOfReadingEvents()];
}
