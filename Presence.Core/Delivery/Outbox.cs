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
public sealed partial class Outbox : IDelivery
{
    /// <summary>So long a call waits at most for what follows from it.</summary>
    internal static readonly TimeSpan Within = TimeSpan.FromSeconds(2);

    /// <summary>So long a new connection is worked on. Nobody waits for that but the connection.</summary>
    private static readonly TimeSpan WelcomeWithin = TimeSpan.FromSeconds(7);

    /// <summary>What has waited for so long is no news any more; clients that were away for so long ask anew.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(10);

    private readonly IRealtimeService _realtime;
    private readonly ServiceGate _gate;
    private readonly IMessages _messages;
    private readonly Memberships _memberships;
    private readonly TimeProvider _time;
    private readonly ILogger<Outbox> _logger;
    private readonly Batcher<int, StoredDuty> _done;
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

    /// <summary>Whether the SignalR service is known to refuse, so that nothing can be done now.</summary>
    public bool IsShut => _gate.IsShut;

    /// <inheritdoc/>
    public StoredDuty? ToKeep(StoredDuty duty) =>
        _messages.AreAcknowledged ? duty
        : duty.Duty.IsAboutConnections ? duty with { Duty = duty.Duty with { News = null } }
        : null;

    /// <inheritdoc/>
    public async Task DeliverAsync(StoredDuty duty, bool isKept)
    {
        using var span = duty.Duty.News is null ? null : Tracing.StartAnnouncing();
        var isDone = await TryAsync(duty, isKept, duty.Duty.IsWelcome ? WelcomeWithin : Within);
        span?.Announced(1, isDone ? Announcements.GroupsOf(duty.Duty.News!).Count() : 0);
    }

    /// <summary>Does what a sweep has found undone.</summary>
    /// <returns>How many of them are still undone.</returns>
    public async Task<int> RedoAsync(IReadOnlyList<StoredDuty> duties)
    {
        var now = _time.GetUtcNow();
        var done = await Task.WhenAll(duties.Select(duty => duty.DueAt < now - KeptFor
            ? TryCrossOutAsync(duty)
            : TryAsync(duty, isKept: true, WelcomeWithin)));
        return done.Count(isDone => !isDone);
    }

    /// <summary>Tells the metrics how much a sweep has left undone.</summary>
    public void Left(int duties) => _left = duties;

    private async Task<bool> TryAsync(StoredDuty duty, bool isKept, TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within, _time);
        try
        {
            await DoAsync(duty, limit.Token).WaitAsync(limit.Token);
            if (isKept)
            {
                await _done.AddAsync(0, duty).WaitAsync(limit.Token);
            }

            return true;
        }
        catch (Exception e) when (e is RealtimeUnavailableException or StoreUnavailableException or OperationCanceledException)
        {
            Log(e);
            return duty.Duty.IsWelcome && await TryCloseAsync(duty);
        }
        catch (Exception e)
        {
            LogUnexpected(e);
            return false;
        }
    }

    private async Task DoAsync(StoredDuty duty, CancellationToken cancellationToken)
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
                await _memberships.FollowAsync(duty.User, owed, cancellationToken);
            }
        }
        finally
        {
            await news;
        }
    }

    private async Task CloseAsync(ImmutableArray<string> connections, CancellationToken cancellationToken)
    {
        foreach (var connection in connections)
        {
            await _gate.CallAsync(token => _realtime.CloseConnectionAsync(connection, token), cancellationToken);
        }
    }

    /// <summary>A connection that hears only a part is closed: its client knows, and comes again. One that cannot be is welcomed later.</summary>
    private async Task<bool> TryCloseAsync(StoredDuty welcome)
    {
        using var limit = new CancellationTokenSource(Within, _time);
        try
        {
            await CloseAsync(welcome.Duty.Connections, limit.Token);
            return welcome.Duty.News is null && await TryCrossOutAsync(welcome);
        }
        catch (Exception e) when (e is RealtimeUnavailableException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> TryCrossOutAsync(StoredDuty duty)
    {
        try
        {
            await _done.AddAsync(0, duty).WaitAsync(Within, _time);
            return true;
        }
        catch (Exception e) when (e is StoreUnavailableException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>One line every 10 s: an outage is long, changes are many, and log lines are paid for.</summary>
    private void Log(Exception failure)
    {
        if (_logTurn.TryTake())
        {
            LogLeft(failure);
        }
    }

    [LoggerMessage(
        EventName = "DeliveryLeft", Level = LogLevel.Warning,
        Message = "What a change owes others could not be done now; the next sweep does it. Said at most every 10 s.")]
    private partial void LogLeft(Exception exception);

    [LoggerMessage(EventName = "DeliveryFailed", Level = LogLevel.Error, Message = "What a change owes others failed in a way nobody foresaw.")]
    private partial void LogUnexpected(Exception exception);
}
