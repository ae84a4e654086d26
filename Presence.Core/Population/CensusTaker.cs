using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Population;

/// <summary>
/// Counts who is here: one request per shard and thousand users online, whoever else there is. Taken by one instance on a schedule and
/// kept for all, so that looking at metrics costs the same however many users there are.
/// </summary>
public sealed class CensusTaker
{
    private readonly IPresenceStore _users;
    private readonly IMaintenanceStore _maintenance;
    private readonly IConversationHistoryStore _history;
    private readonly TimeProvider _time;
    private readonly string _schedule;
    private readonly bool _keepsHistory;
    private volatile Census? _last;

    /// <summary>Creates the counter of an instance. The instance that counted last exports the figures.</summary>
    public CensusTaker(
        IPresenceStore users, IMaintenanceStore maintenance, IConversationHistoryStore history, PresenceMetrics metrics, IOptions<PresenceOptions> options, TimeProvider time)
    {
        (_users, _maintenance, _history, _time) = (users, maintenance, history, time);
        (_schedule, _keepsHistory) = (options.Value.CensusSchedule, options.Value.KeepsHistory);
        metrics.ObserveUsers(() => IfCurrent(_last)?.Counts.Select(c => (c.Kind, c.Status, c.Users)) ?? []);
    }

    /// <summary>Counts, and keeps the result for all instances.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<Census> TakeAsync(CancellationToken cancellationToken)
    {
        using var span = Tracing.StartCensus();
        try
        {
            var present = new Dictionary<string, int>(StringComparer.Ordinal);
            var census = await CountAsync(_keepsHistory ? CountedIn(present, cancellationToken) : _users.OnlineAsync(cancellationToken), cancellationToken);
            await _maintenance.KeepCensusAsync(census, cancellationToken);
            _last = census;
            await _history.KeepAsync(census.TakenAt, present, cancellationToken);
            return census;
        }
        catch (Exception)
        {
            span.Failed();
            throw;
        }
    }

    /// <summary>The last census of any instance, if it is not older than the schedule allows.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<Census?> FindAsync(CancellationToken cancellationToken) =>
        IfCurrent(await _maintenance.FindCensusAsync(cancellationToken));

    /// <summary>Counts.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public Task<Census> CountAsync(CancellationToken cancellationToken) => CountAsync(_users.OnlineAsync(cancellationToken), cancellationToken);

    private async Task<Census> CountAsync(IAsyncEnumerable<(PresenceKey User, PresenceStatus Status)> here, CancellationToken cancellationToken)
    {
        var takenAt = _time.GetUtcNow().ToWholeMilliseconds();
        var (online, away, onlineAnonymous, awayAnonymous) = (0L, 0L, 0L, 0L);
        await foreach (var (user, status) in here.WithCancellation(cancellationToken))
        {
            _ = (user.IsAnonymous, status) switch
            {
                (false, PresenceStatus.Online) => online++,
                (false, PresenceStatus.Away) => away++,
                (true, PresenceStatus.Online) => onlineAnonymous++,
                (true, PresenceStatus.Away) => awayAnonymous++,
                (_, PresenceStatus.Offline) => 0,
            };
        }

        return new(takenAt, online, away, onlineAnonymous, awayAnonymous);
    }

    /// <summary>The same users, while it is counted how many of them are in each conversation.</summary>
    private async IAsyncEnumerable<(PresenceKey User, PresenceStatus Status)> CountedIn(
        Dictionary<string, int> present, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var user in _history.PresentAsync(cancellationToken))
        {
            foreach (var conversation in user.Conversations)
            {
                present[conversation] = present.GetValueOrDefault(conversation) + 1;
            }

            yield return (user.User, user.Status);
        }
    }

    private Census? IfCurrent(Census? census) =>
        census is not null && !Schedules.IsOverdue(_schedule, census.TakenAt, _time.GetUtcNow()) ? census : null;
}
