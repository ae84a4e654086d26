using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Ports;

namespace Presence.Core.Engine;

/// <summary>What this instance may still have to announce: changes of status whose write got no answer.</summary>
internal sealed partial class Settlement
{
    private const int AtOnce = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly IPresenceStore _store;
    private readonly PresenceMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly UncertainWrites _uncertain = new();
    private readonly IntervalGate _turn;

    public Settlement(IPresenceStore store, PresenceMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_store, _metrics, _time, _logger) = (store, metrics, time, logger);
        _turn = new IntervalGate(Interval, time);
        metrics.ObservePendingAnnouncements(() => _uncertain.Count);
    }

    /// <summary>A write that ended in an error.</summary>
    public void Add(string writeId, Transition transition) => _uncertain.Add(writeId, transition, _time.GetUtcNow());

    /// <summary>The change of status, if there is one, that the record as just read shows to have been applied without anybody knowing.</summary>
    public ImmutableArray<Transition> TakeOwed(StoredUser stored)
    {
        if (_uncertain.TakeApplied(stored, _time.GetUtcNow()) is not { } owed)
        {
            return [];
        }

        _metrics.ChangedTo(owed.View.Status);
        return [owed];
    }

    /// <summary>Looks at the users concerned.</summary>
    public async ValueTask<IReadOnlyCollection<Transition>> SettleAsync()
    {
        if (_uncertain.Count == 0 || !_turn.TryTake())
        {
            return [];
        }

        var owed = new ConcurrentQueue<Transition>();
        using var enough = new CancellationTokenSource(Longest, _time);
        try
        {
            await Parallel.ForEachAsync(
                _uncertain.Users(),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = enough.Token },
                async (user, token) => await SettleAsync(user, owed, token));
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            // The rest is asked the next time; what was found must be announced now.
        }

        return owed;
    }

    private async ValueTask SettleAsync(PresenceKey user, ConcurrentQueue<Transition> owed, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var transition in TakeOwed(await _store.LoadAsync(user, cancellationToken)))
            {
                owed.Enqueue(transition);
            }
        }
        catch (Exception e) when (e is not (StoreUnavailableException or OperationCanceledException))
        {
            LogUnreadable(e);
            _uncertain.Drop(user);
        }
    }

    [LoggerMessage(
        EventName = "NotSettled", Level = LogLevel.Error,
        Message = "The record of a user whose change was written without an answer cannot be read.")]
    private partial void LogUnreadable(Exception exception);
}
