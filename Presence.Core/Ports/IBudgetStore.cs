using Presence.Core.Costs;

namespace Presence.Core.Ports;

/// <summary>A record of the budget as kept.</summary>
/// <param name="Record">It; null where it cannot be read, and may be replaced.</param>
/// <param name="Tag">What a compare-and-swap needs.</param>
public sealed record StoredBudget(BudgetRecord? Record, string Tag);

/// <summary>
/// Where it is kept what the month costs, and at which step of economy all instances are. Throws <see cref="StoreUnavailableException"/> while
/// the storage is out of reach.
/// </summary>
public interface IBudgetStore
{
    /// <summary>What is kept; null for nothing. One request.</summary>
    Task<StoredBudget?> FindAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Replaces what is kept, if it is still as found, or still nothing where the tag is null. False, and nothing changed, if not. One request, and one more
    /// where it is not as found.
    /// </summary>
    Task<bool> TryKeepAsync(BudgetRecord record, string? tag, CancellationToken cancellationToken);
}
