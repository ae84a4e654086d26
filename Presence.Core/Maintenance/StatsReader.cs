using Microsoft.Extensions.Options;
using NCrontab;
using Presence.Core.Configuration;
using Presence.Core.Storage;

namespace Presence.Core.Maintenance;

/// <summary>Reads the state of the whole system: who is online is counted, who is offline is not looked at.</summary>
public sealed class StatsReader(
    IPresenceStore users, ISessionStore sessions, IMaintenanceStore maintenance, IOptions<PresenceOptions> options, TimeProvider time)
{
    /// <summary>How late a sweep may be before it counts as missing.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(45);

    /// <summary>The state now.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<MaintenanceStats> ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var shards = Enumerable.Range(0, users.ShardCount).ToArray();
        var online = await Task.WhenAll(shards.Select(shard => CountOnlineAsync(shard, cancellationToken)));
        var total = await Task.WhenAll(shards.Select(shard => maintenance.CountUsersAsync(shard, cancellationToken)));
        var guests = await Task.WhenAll(shards.Select(shard => sessions.CountAsync(shard, now, cancellationToken)));
        var lastSweep = await maintenance.FindLastSweepAsync(cancellationToken);
        return new(
            online.Sum(o => o.Registered),
            total.Sum(),
            guests.Sum(),
            online.Sum(o => o.Anonymous),
            options.Value.OfflineAfter.TotalMinutes,
            lastSweep is not null && now <= NextSweep(lastSweep) + Tolerance,
            lastSweep);
    }

    private DateTimeOffset NextSweep(LastSweep last) => new(
        CrontabSchedule.Parse(options.Value.SweepSchedule, new() { IncludingSeconds = true }).GetNextOccurrence(last.StartedAt.UtcDateTime),
        TimeSpan.Zero);

    private async Task<(long Registered, long Anonymous)> CountOnlineAsync(int shard, CancellationToken cancellationToken)
    {
        var (registered, anonymous) = (0L, 0L);
        await foreach (var user in users.OnlineAsync(shard, cancellationToken))
        {
            _ = user.IsAnonymous ? anonymous++ : registered++;
        }

        return (registered, anonymous);
    }
}
