

namespace Presence.Core.Ports;

/// <summary>
/// What all instances share beyond users and sessions. All of it throws <see cref="StoreUnavailableException"/> while the storage is out
/// of reach.
/// </summary>
public interface IMaintenanceStore
{
    /// <summary>Keeps the report of a sweep as the last one.</summary>
    Task KeepLastSweepAsync(SweepReport report, CancellationToken cancellationToken);

    /// <summary>The last sweep of any instance, or null.</summary>
    Task<LastSweep?> FindLastSweepAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a census as the last one.</summary>
    Task KeepCensusAsync(Census census, CancellationToken cancellationToken);

    /// <summary>The last census of any instance, or null.</summary>
    Task<Census?> FindCensusAsync(CancellationToken cancellationToken);

    /// <summary>Writes an instance's own row, replacing what it wrote before. False if the row was to be replaced but is gone.</summary>
    Task<bool> TryReportAsync(InstanceReport report, bool isFirst, CancellationToken cancellationToken);

    /// <summary>All reports, that of the instances retired among them.</summary>
    Task<IReadOnlyList<InstanceReport>> ListReportsAsync(CancellationToken cancellationToken);

    /// <summary>Adds the reports of instances silent since the moment given to one row and removes theirs.</summary>
    Task RetireReportsAsync(DateTimeOffset silentSince, CancellationToken cancellationToken);

    /// <summary>The counts at the last reset.</summary>
    Task<ActivityCounts> FindBaselineAsync(CancellationToken cancellationToken);

    /// <summary>From now on counts start at these.</summary>
    Task KeepBaselineAsync(ActivityCounts counts, CancellationToken cancellationToken);

    /// <summary>How many registered users there are; reads counters and what has not been added to them yet, never the users.</summary>
    Task<long> CountUsersAsync(CancellationToken cancellationToken);

    /// <summary>Adds to the counters what has not been added to them yet.</summary>
    Task AddUpUsersAsync(CancellationToken cancellationToken);
}
