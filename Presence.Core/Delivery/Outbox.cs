using Microsoft.Extensions.Logging;
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

    /// <summary>So long a new connection is worked on, or what a sweep has found. Nobody waits for that but the connection.</summary>
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

    private readonly IPresenceStore _store;
    private readonly ServiceGate _gate;
    private readonly IMessages _messages;
    private readonly TimeProvider _time;
    private readonly DutyWork _work;
    private readonly SemaphoreSlim _trying = new(1);
    private int _left;

    internal Outbox(
        IPresenceStore store, IRealtimeService realtime, ServiceGate gate, IMessages messages, Memberships memberships, PresenceMetrics metrics,
        TimeProvider time, ILogger<Outbox> logger)
    {
        (_store, _gate, _messages, _time) = (store, gate, messages, time);
        _work = new DutyWork(store, realtime, gate, messages, memberships, time, logger);
        metrics.ObservePendingAnnouncements(() => _left);
    }

    /// <inheritdoc/>
    public StoredDuty? ToKeep(StoredDuty duty) =>
        _messages.AreAcknowledged ? duty
        : duty.Duty.IsAboutConnections ? duty with { Duty = duty.Duty with { News = null } }
        : null;

    /// <inheritdoc/>
    public async Task DeliverAsync(StoredDuty duty, bool isKept)
    {
        using var span = duty.Duty.News is null ? null : Tracing.StartAnnouncing();
        using var limit = new CancellationTokenSource(duty.Duty.IsWelcome ? PatientlyWithin : Within, _time);
        var isDone = await _work.TryDoAsync(duty, isAgain: false, limit.Token) && (!isKept || await _work.TryCrossOutAsync(duty, limit.Token));
        span?.Announced(1, isDone && duty.Duty.News is { } news ? Announcements.GroupsOf(news).Count() : 0);
    }

    /// <summary>
    /// Does what a sweep has found undone. Messages all at once, so that those of a group go together. While the service is known to refuse,
    /// one duty at most finds out whether it still does. Throws nothing.
    /// </summary>
    /// <returns>How many of them are still undone.</returns>
    public async Task<int> RedoAsync(IReadOnlyList<StoredDuty> duties, CancellationToken cancellationToken)
    {
        var tried = await TryServiceAsync(duties, cancellationToken);
        var done = tried ?? 0;
        if (!_gate.IsShut)
        {
            var rest = duties.Skip(tried is null ? 0 : 1).ToLookup(duty => duty.Duty.IsAboutConnections);
            var told = Task.WhenAll(rest[false].Select(duty => RetellAsync(duty, cancellationToken)));
            foreach (var some in rest[true].Chunk(TakenAtOnce))
            {
                done += await RegroupAsync(some, cancellationToken);
            }

            done += (await told).Sum();
        }

        return duties.Count - done;
    }

    /// <summary>Tells the metrics how much a sweep has left undone.</summary>
    public void Left(int duties) => _left = duties;

    /// <inheritdoc/>
    public void Dispose() => _trying.Dispose();

    /// <summary>While the service is known to refuse, tries the first of the duties.</summary>
    /// <returns>How many are done by that; null if none was tried.</returns>
    private async Task<int?> TryServiceAsync(IReadOnlyList<StoredDuty> duties, CancellationToken cancellationToken)
    {
        if (!_gate.IsShut || duties.Count == 0)
        {
            return null;
        }

        // Shards are swept at the same time: the others wait for the one that tries. So they do for any other call that finds out just now,
        // because a second one would be turned away.
        await _trying.WaitAsync(CancellationToken.None);
        try
        {
            await _gate.Trial;
            return !_gate.IsShut ? null
                : duties[0].Duty.IsAboutConnections ? await RegroupAsync([duties[0]], cancellationToken)
                : await RetellAsync(duties[0], cancellationToken);
        }
        finally
        {
            _trying.Release();
        }
    }

    /// <summary>Does a duty that is nothing but news, which may be told twice; 1 if it is done.</summary>
    private async Task<int> RetellAsync(StoredDuty duty, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(PatientlyWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await TryRedoAsync(duty, either.Token) ? 1 : 0;
    }

    /// <summary>Does duties about connections that no other sweep does just now; how many of them are done.</summary>
    private async Task<int> RegroupAsync(IReadOnlyList<StoredDuty> duties, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(PatientlyWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var done = 0;
        await Parallel.ForEachAsync(
            await PutOffAsync(duties, either.Token),
            new ParallelOptions { MaxDegreeOfParallelism = UsersAtOnce },
            async (duty, _) => Interlocked.Add(ref done, await TryRedoAsync(duty, either.Token) ? 1 : 0));
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

    private async Task<bool> TryRedoAsync(StoredDuty duty, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && await _work.TryDoAsync(duty, isAgain: true, cancellationToken)
        && await _work.TryCrossOutAsync(duty, cancellationToken);
}
