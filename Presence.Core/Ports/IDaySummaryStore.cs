using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>What all users together did, a row for each day. Throws <see cref="StoreUnavailableException"/> while the storage is out of reach.</summary>
public interface IDaySummaryStore
{
    /// <summary>The days given of which there is a sum, in their order: one request for each 1,000 of them, less where their rows are large.</summary>
    Task<IReadOnlyList<DaySummary>> ReadAsync(DateOnly fromDay, DateOnly toDay, CancellationToken cancellationToken);

    /// <summary>Keeps the sum of a day. False, and nothing changed, where there is one: whoever summed the day up first had all of it. One request.</summary>
    Task<bool> TryAddAsync(DaySummary summary, CancellationToken cancellationToken);

    /// <summary>Removes the sums of days before the one given.</summary>
    /// <returns>How many.</returns>
    Task<int> RemoveOldAsync(DateOnly firstKept, CancellationToken cancellationToken);
}
