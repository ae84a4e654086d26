using Microsoft.Extensions.Options;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Maintenance;

/// <summary>Reads the state of the whole system: who is online is counted, who is offline is not looked at.</summary>
public sealed class StatsReader(
    CensusTaker census, ISessionStore sessions, IMaintenanceStore maintenance, IOptions<PresenceOptions> options, TimeProvider time)
{
    /// <summary>The state now.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<MaintenanceStats> ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var shards = Enumerable.Range(0, options.Value.ShardCount).ToArray();
        var here = await census.CountAsync(cancellationToken);
        var total = await Task.WhenAll(shards.Select(shard => maintenance.CountUsersAsync(shard, cancellationToken)));
        var guests = await Task.WhenAll(shards.Select(shard => sessions.CountAsync(shard, now, cancellationToken)));
        var lastSweep = await maintenance.FindLastSweepAsync(cancellationToken);
        return new(
            here.Online + here.Away,
            total.Sum(),
            guests.Sum(),
            here.OnlineAnonymous + here.AwayAnonymous,
            options.Value.OfflineAfter.TotalMinutes,
            lastSweep is not null && !Schedules.IsOverdue(options.Value.SweepSchedule, lastSweep.StartedAt, now),
            lastSweep);
    }
}
