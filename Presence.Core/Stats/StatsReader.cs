using Microsoft.Extensions.Options;
using Presence.Core.Budgets;
using Presence.Core.Options;
using Presence.Core.Population;
using Presence.Core.Ports;
using Presence.Core.Truth;

namespace Presence.Core.Stats;

/// <summary>Reads the state of the whole system: who is online is counted, who is offline is not looked at.</summary>
public sealed class StatsReader(
    CensusTaker census, ISessionStore sessions, IMaintenanceStore maintenance, ITruthStore truth, IBudgetStore budget, IOptions<PresenceOptions> options,
    TimeProvider time)
{
    /// <summary>The state now.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<MaintenanceStats> ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var here = await census.CountAsync(cancellationToken);
        var total = await maintenance.CountUsersAsync(cancellationToken);
        var guests = await sessions.CountAsync(now, cancellationToken);
        var lastSweep = await maintenance.FindLastSweepAsync(cancellationToken);
        var checks = await truth.FindAsync(cancellationToken);
        var cost = await budget.FindAsync(cancellationToken);
        return new(
            here.Online + here.Away,
            total,
            guests,
            here.OnlineAnonymous + here.AwayAnonymous,
            options.Value.OfflineAfter.TotalMinutes,
            lastSweep is not null && !Schedules.IsOverdue(options.Value.SweepSchedule, lastSweep.StartedAt, now),
            lastSweep,
            checks?.Record is { } record ? TruthStats.Of(record, now) : null,
            cost?.Record is { } month && month.IsCurrent(now) ? CostStats.Of(month, options.Value, now) : null);
    }
}
