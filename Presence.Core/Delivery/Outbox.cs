using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Presence.Core.Concurrency;
using Presence.Core.Metrics;
using Presence.Core.Ports;

namespace Presence.Core.Delivery;

/// <summary>
/// Does what changes owe others, and crosses it out. What is not done within <see cref="Within"/> stays in storage, and the next sweep
/// that finds it due hands it to <see cref="RedoAsync"/>. Every part may be done twice: versions tell clients what they have heard.
/// </summary>
public sealed partial class Outbox : IDelivery, IDisposable
{
    /// <summary>So long a call waits at most for what follows from it.</summary>
    internal static readonly TimeSpan Within = TimeSpan.FromSeconds(2);

    /// <summary>So long a new connection is worked on, or what a sweep has found. Nobody waits for that but the connection.</summary>
    internal static readonly TimeSpan PatientlyWithin = TimeSpan.FromSeconds(6);

    /// <summary>How many connections are closed, and how many users' groups put right, at once.</summary>
    private const int CallsAtOnce = 16;

    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(10);

    private readonly IRealtimeService _realtime;
    private readonly ServiceGate _gate;
    private readonly IMessages _messages;
    private readonly Memberships _memberships;
    private readonly TimeProvider _time;
    private readonly ILogger<Outbox> _logger;
    private readonly Batcher<int, StoredDuty> _done;
    private readonly SemaphoreSlim _trying = new(1);
    private readonly IntervalGate _logTurn;
    private int _left;

    internal Outbox(
        IPresenceStore store, IRealtimeService realtime, ServiceGate gate, IMessages messages, Memberships memberships, PresenceMetrics metrics,
        TimeProvider time, ILogger<Outbox> logger)
    {
        (_realtime, _gate, _messages, _memberships, _time, _logger) = (realtime, gate, messages, memberships, time, logger);
        _done = new((_, duties) => store.CrossOutAsync(duties, CancellationToken.None), TimeSpan.Zero, time);
        _logTurn = new IntervalGate(LogEvery, time);
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
        var isDone = await TryDoAsync(duty, isAgain: false, limit.Token) && (!isKept || await TryCrossOutAsync(duty, limit.Token));
        span?.Announced(1, isDone && duty.Duty.News is { } news ? Announcements.GroupsOf(news).Count() : 0);
    }

    /// <summary>
    /// Does what a sweep has found undone. Messages all at once, so that those of a group go together. While the service is known to refuse,
    /// one duty at most finds out whether it still does. Throws nothing.
    /// </summary>
    /// <returns>How many of them are still undone.</returns>
    public async Task<int> RedoAsync(IReadOnlyList<StoredDuty> duties, CancellationToken cancellationToken)
    {
        var left = await TryServiceAsync(duties, cancellationToken);
        await _gate.Trial;
        if (_gate.IsShut || left.Count == 0)
        {
            return left.Count;
        }

        var done = 0;
        var news = Task.WhenAll(left.Where(d => !d.Duty.IsAboutConnections).Select(RedoAsync));
        await Parallel.ForEachAsync(
            left.Where(d => d.Duty.IsAboutConnections),
            new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce },
            async (duty, _) => await RedoAsync(duty));
        await news;
        return left.Count - done;

        async Task RedoAsync(StoredDuty duty)
        {
            if (await TryRedoAsync(duty, cancellationToken))
            {
                Interlocked.Increment(ref done);
            }
        }
    }

    /// <summary>Tells the metrics how much a sweep has left undone.</summary>
    public void Left(int duties) => _left = duties;

    /// <inheritdoc/>
    public void Dispose() => _trying.Dispose();

    /// <summary>While the service is known to refuse, tries one duty; what is left to do.</summary>
    private async Task<IReadOnlyList<StoredDuty>> TryServiceAsync(IReadOnlyList<StoredDuty> duties, CancellationToken cancellationToken)
    {
        if (!_gate.IsShut || duties.Count == 0)
        {
            return duties;
        }

        // Shards are swept at the same time: the others wait for the one that tries. So they do for any other call that finds out just now,
        // because a second one would be turned away.
        await _trying.WaitAsync(CancellationToken.None);
        try
        {
            await _gate.Trial;
            return _gate.IsShut && await TryRedoAsync(duties[0], cancellationToken) ? [.. duties.Skip(1)] : duties;
        }
        finally
        {
            _trying.Release();
        }
    }

    private async Task<bool> TryRedoAsync(StoredDuty duty, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        using var limit = new CancellationTokenSource(PatientlyWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await TryDoAsync(duty, isAgain: true, either.Token) && await TryCrossOutAsync(duty, either.Token);
    }

    private async Task<bool> TryDoAsync(StoredDuty duty, bool isAgain, CancellationToken cancellationToken)
    {
        try
        {
            await DoAsync(duty, isAgain, cancellationToken).WaitAsync(cancellationToken);
            return true;
        }
        catch (Exception e)
        {
            Log(e);

            // Once such a connection is closed nothing more is owed but the news; unless others of the user may have been put into groups.
            return duty.Duty.IsWelcome && await TryCloseAsync(duty.Duty.Connections) && duty.Duty.News is null && !isAgain;
        }
    }

    private async Task DoAsync(StoredDuty duty, bool isAgain, CancellationToken cancellationToken)
    {
        var owed = duty.Duty;
        var news = owed.News is { } told ? _messages.TellAsync(told) : Task.CompletedTask;
        try
        {
            if (owed.Closes)
            {
                await CloseAsync(owed.Connections, cancellationToken);
            }
            else if (owed.IsAboutConnections)
            {
                await (isAgain
                    ? _memberships.FollowAgainAsync(duty.User, owed, cancellationToken)
                    : _memberships.FollowAsync(duty.User, owed, cancellationToken));
            }
        }
        finally
        {
            await news;
        }
    }

    /// <summary>None is given up for another that fails: it may be the one that finds out that the service answers again.</summary>
    private Task CloseAsync(ImmutableArray<string> connections, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        connections,
        new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = cancellationToken },
        async (connection, _) => await _gate.CallAsync(t => _realtime.CloseConnectionAsync(connection, t), cancellationToken));

    /// <summary>A connection that hears only a part is closed: its client knows, and comes again. One that cannot be is welcomed later.</summary>
    private async Task<bool> TryCloseAsync(ImmutableArray<string> connections)
    {
        using var limit = new CancellationTokenSource(Within, _time);
        try
        {
            await CloseAsync(connections, limit.Token).WaitAsync(limit.Token);
            return true;
        }
        catch (Exception e)
        {
            Log(e);
            return false;
        }
    }

    private async Task<bool> TryCrossOutAsync(StoredDuty duty, CancellationToken cancellationToken)
    {
        try
        {
            await _done.AddAsync(0, duty).WaitAsync(cancellationToken);
            return true;
        }
        catch (Exception e)
        {
            Log(e);
            return false;
        }
    }

    /// <summary>One line every 10 s of what is to be expected: an outage is long, changes are many, and log lines are paid for.</summary>
    private void Log(Exception failure)
    {
        if (failure is not (RealtimeUnavailableException or StoreUnavailableException or OperationCanceledException))
        {
            LogUnexpected(failure);
        }
        else if (_logTurn.TryTake())
        {
            LogLeft(failure);
        }
    }

    [LoggerMessage(
        EventName = "DeliveryLeft", Level = LogLevel.Warning,
        Message = "What a change owes others could not be done, or not be crossed out, now; the next sweep does it. Said at most every 10 s.")]
    private partial void LogLeft(Exception exception);

    [LoggerMessage(EventName = "DeliveryFailed", Level = LogLevel.Error, Message = "What a change owes others failed in a way nobody foresaw.")]
    private partial void LogUnexpected(Exception exception);
}
