using System.Collections.Concurrent;
using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Ports;

namespace Presence.Core.Delivery;

/// <summary>
/// Does what changes owe others, and crosses it out. What is not done within <see cref="Within"/> stays in storage, and the next sweep
/// that finds it due hands it to <see cref="RedoAsync"/>. Every part may be done twice: versions tell clients what they have heard.
/// </summary>
public sealed class Outbox : IDelivery, IDisposable
{
    /// <summary>So long a call waits at most for what follows from it.</summary>
    internal static readonly TimeSpan Within = TimeSpan.FromSeconds(2);

    /// <summary>So long what a sweep has found is worked on.</summary>
    internal static readonly TimeSpan PatientlyWithin = TimeSpan.FromSeconds(6);

    /// <summary>How many users' groups are put right at once.</summary>
    private const int UsersAtOnce = 16;

    /// <summary>
    /// So long no other sweep does what one does with groups. A call that was given up at the end of <see cref="PatientlyWithin"/> may still
    /// arrive a moment later: whoever comes next, and takes the duty for done, must come after that.
    /// </summary>
    private static readonly TimeSpan PutOffFor = TimeSpan.FromSeconds(10);

    /// <summary>As many as storage puts off in one request.</summary>
    private const int TakenAtOnce = 100;

    /// <summary>No connection has this id.</summary>
    private const string Nobody = "none";

    private readonly IPresenceStore _store;
    private readonly IRealtimeService _realtime;
    private readonly ServiceGate _gate;
    private readonly IMessages _messages;
    private readonly TimeProvider _time;
    private readonly DutyWork _work;
    private readonly SemaphoreSlim _trying = new(1);

    internal Outbox(IPresenceStore store, IRealtimeService realtime, ServiceGate gate, IMessages messages, DutyWork work, TimeProvider time) =>
        (_store, _realtime, _gate, _messages, _work, _time) = (store, realtime, gate, messages, work, time);

    /// <inheritdoc/>
    public StoredDuty? ToKeep(StoredDuty duty) =>
        _messages.AreAcknowledged ? duty
        : duty.Duty.News is { } news && RestrictedMessages.Concerns(news) ? duty
        : duty.Duty.IsAboutConnections || duty.Duty.Roster is not null ? duty with { Duty = duty.Duty with { News = null } }
        : null;

    /// <inheritdoc/>
    public async Task DeliverAsync(StoredDuty duty, bool isKept)
    {
        using var span = duty.Duty.News is null ? null : Tracing.StartAnnouncing();
        using var limit = new TimeLimit(duty.Duty.IsWelcome ? ForWelcome(duty) : Within, _time);
        var isDone = await _work.TryDoAsync(duty, now: null, limit) && (!isKept || await _work.TryCrossOutAsync(duty, limit.Token));
        span?.Announced(1, isDone && duty.Duty.News is { } news ? news.Conversations.Length + (news.IsWatched ? 1 : 0) : 0);
    }

    /// <summary>
    /// Does what a sweep has found undone. Messages all at once, so that those of a group go together. While the service is known to refuse,
    /// one call finds out whether it still does. Throws nothing.
    /// </summary>
    /// <returns>How many of them are still undone.</returns>
    public async Task<int> RedoAsync(IReadOnlyList<StoredDuty> duties, CancellationToken cancellationToken)
    {
        if (duties.Count == 0 || await RefusesAsync(cancellationToken))
        {
            return duties.Count;
        }

        var all = duties.ToLookup(duty => duty.Duty.IsAboutConnections);
        var told = RetellAsync([.. all[false]], cancellationToken);
        var done = 0;
        foreach (var some in all[true].Chunk(TakenAtOnce))
        {
            done += await RegroupAsync(some, cancellationToken);
        }

        return duties.Count - done - await told;
    }

    /// <inheritdoc/>
    public void Dispose() => _trying.Dispose();

    /// <summary>A new connection is worked on, and closed if that fails, before a sweep may find the duty. Nobody waits for that but the connection.</summary>
    private TimeSpan ForWelcome(StoredDuty duty)
    {
        var left = duty.DueAt - _time.GetUtcNow() - Within;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>
    /// Whether the service still refuses. A duty is no way to find out: it makes several calls at once, and while the first one tries, the others would be
    /// turned away.
    /// </summary>
    private async Task<bool> RefusesAsync(CancellationToken cancellationToken)
    {
        if (!_gate.IsShut)
        {
            return false;
        }

        // Shards are swept at the same time: the others wait for the one that tries. So they do for any other call that finds out just now,
        // because a second one would be turned away.
        await _trying.WaitAsync(CancellationToken.None);
        try
        {
            await _gate.Trial;
            if (_gate.IsShut)
            {
                await _gate.CallAsync(async token => await _realtime.ConnectionExistsAsync(Nobody, token), cancellationToken);
            }
        }
        catch (Exception e)
        {
            _work.Failed(e);
        }
        finally
        {
            _trying.Release();
        }

        return _gate.IsShut;
    }

    /// <summary>Tells news that nothing else is owed with, and that may be told twice; how many of them are done.</summary>
    private async Task<int> RetellAsync(IReadOnlyList<StoredDuty> duties, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(PatientlyWithin, _time, cancellationToken);
        var now = new ConcurrentDictionary<PresenceKey, UserRecords?>();
        await Parallel.ForEachAsync(
            duties.Select(duty => duty.User).Distinct(),
            new ParallelOptions { MaxDegreeOfParallelism = UsersAtOnce },
            async (user, _) => now[user] = await TryLoadAsync(user, limit.Token));
        var told = await Task.WhenAll(duties.Select(duty => TryRedoAsync(duty, now[duty.User], limit)));
        return told.Count(isDone => isDone);
    }

    /// <summary>Does duties about connections that no other sweep does just now; how many of them are done.</summary>
    private async Task<int> RegroupAsync(IReadOnlyList<StoredDuty> duties, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(PatientlyWithin, _time, cancellationToken);
        var done = 0;
        await Parallel.ForEachAsync(
            await PutOffAsync(duties, limit.Token),
            new ParallelOptions { MaxDegreeOfParallelism = UsersAtOnce },
            async (duty, _) =>
            {
                var now = await TryLoadAsync(duty.User, limit.Token);
                Interlocked.Add(ref done, await TryRedoAsync(duty, now, limit) ? 1 : 0);
            });
        return done;
    }

    private async Task<IReadOnlyList<StoredDuty>> PutOffAsync(IReadOnlyList<StoredDuty> duties, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.PutOffAsync(duties, _time.GetUtcNow() + PutOffFor, cancellationToken);
        }
        catch (Exception e)
        {
            _work.Failed(e);
            return [];
        }
    }

    /// <summary>The user's records; null where they cannot be had now.</summary>
    private async Task<UserRecords?> TryLoadAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        try
        {
            return (await _store.LoadAsync(user, cancellationToken)).Records;
        }
        catch (Exception e)
        {
            _work.Failed(e);
            return null;
        }
    }

    private async Task<bool> TryRedoAsync(StoredDuty duty, UserRecords? now, TimeLimit limit) =>
        now is not null
        && !limit.IsOver
        && await _work.TryDoAsync(duty, now, limit)
        && await _work.TryCrossOutAsync(duty, limit.Token);
}
