using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rosters;
using Presence.Core.Rules;

namespace Presence.Core.Delivery;

/// <summary>Does one duty, or says that it is still to be done.</summary>
internal sealed partial class DutyWork(
    IPresenceStore store, IRealtimeService realtime, ServiceGate gate, IMessages messages, RosterWriter rosters, Memberships memberships, Relationships relationships,
    IOptions<PresenceOptions> options, DutyPaces paces, TimeProvider time, ILogger<DutyWork> logger)
{
    /// <summary>How many connections are closed at once.</summary>
    private const int CallsAtOnce = 16;

    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(10);

    private readonly Batcher<int, StoredDuty> _done = new((_, duties) => store.CrossOutAsync(duties, CancellationToken.None), TimeSpan.Zero, time);
    private readonly Batcher<int, StoredDuty> _welcomed = new((_, duties) => store.CrossOutAsync(duties, CancellationToken.None), paces.Welcomes, time);
    private readonly IntervalGate _logTurn = new(LogEvery, time);

    /// <summary>Does a duty. Throws nothing.</summary>
    /// <param name="duty">The duty.</param>
    /// <param name="now">The user's records where somebody may have tried before; null where nobody has.</param>
    /// <param name="limit">Then it is given up; what is under way may still take place.</param>
    /// <returns>Whether it is done.</returns>
    public async Task<bool> TryDoAsync(StoredDuty duty, UserRecords? now, TimeLimit limit)
    {
        try
        {
            await DoAsync(duty, now, limit).WaitAsync(limit.Token);
            return true;
        }
        catch (Exception e)
        {
            Failed(e);
            if (duty.Duty.IsWelcome)
            {
                await TryCloseAsync(duty.Duty.Connections);
            }

            return false;
        }
    }

    private async Task DoAsync(StoredDuty duty, UserRecords? now, TimeLimit limit)
    {
        var owed = duty.Duty;
        var rosters = TellRostersAsync(duty, now, limit);
        var news = owed.News is not { } told ? Task.CompletedTask
            : TellAfterAsync(rosters, now is { } late ? AudienceRules.Late(told, late, options.Value) : told);
        try
        {
            var closing = owed.Closes ? owed.Connections : owed.GivingWay;
            if (!closing.IsEmpty)
            {
                await CloseAsync(closing, limit);
            }

            if (owed.IsToldToOneself)
            {
                await TellOneselfAsync(duty.User, now ?? (await store.LoadAsync(duty.User, limit.Token)).Records, limit);
            }

            if (owed.IsAboutConnections && !owed.Closes)
            {
                await rosters.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await (now is { } later
                    ? memberships.FollowAgainAsync(duty.User, owed, later, limit)
                    : memberships.FollowAsync(duty.User, owed, limit));
            }
        }
        finally
        {
            await news;
        }

        await rosters;
    }

    /// <summary>
    /// Whoever begins to listen reads the roster then, and so must find in it what has been told before. Half of the time is for that; where it
    /// is not enough the news is told all the same, and the duty stays. Whoever has blocked a conversation before a late duty told its roster has not found
    /// the user there.
    /// </summary>
    private Task TellRostersAsync(StoredDuty duty, UserRecords? now, TimeLimit limit)
    {
        if (duty.Duty.Roster is not { } change)
        {
            return Task.CompletedTask;
        }

        if (now is null && time.GetUtcNow() >= duty.DueAt)
        {
            return Task.FromCanceled(new CancellationToken(canceled: true));
        }

        var within = limit.Left;
        return (now is { } late ? WriteLateAsync(late) : rosters.WriteAsync(duty.User, change, isLate: false, within)).WaitAsync(within / 2, time);

        async Task WriteLateAsync(UserRecords late)
        {
            await rosters.WriteAsync(duty.User, RosterRules.Late(change, late, duty.User), isLate: true, within);
            await relationships.GuardAsync(duty.User, [.. RosterRules.Joined(change, options.Value)], limit.Token);
        }
    }

    private async Task TellAfterAsync(Task rosters, Transition news)
    {
        await rosters.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await messages.TellAsync(news);
    }

    private Task TellOneselfAsync(PresenceKey user, UserRecords now, TimeLimit limit) =>
        messages.TellAsync(new Announcement(ClientMethod.Me, now.OwnViewOf(user, time.GetUtcNow()), User: user), limit.Token);

    /// <summary>None is given up for another that fails: it may be the one that finds out that the service answers again.</summary>
    private Task CloseAsync(ImmutableArray<string> connections, TimeLimit limit) => Parallel.ForEachAsync(
        connections,
        new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = limit.Token },
        async (connection, _) => await gate.CallAsync(t => realtime.CloseConnectionAsync(connection, t), limit));

    /// <summary>
    /// A connection that hears only a part is closed: its client knows, and comes again. The duty stays: the user's other connections may
    /// have been put into groups with it, and one that cannot be closed is welcomed later.
    /// </summary>
    private async Task TryCloseAsync(ImmutableArray<string> connections)
    {
        using var limit = new TimeLimit(Outbox.Within, time);
        try
        {
            await CloseAsync(connections, limit).WaitAsync(limit.Token);
        }
        catch (Exception e)
        {
            Failed(e);
        }
    }

    /// <summary>Crosses out a duty that is done, with others that are at the same time. Throws nothing.</summary>
    public async Task<bool> TryCrossOutAsync(StoredDuty duty, CancellationToken cancellationToken)
    {
        try
        {
            await (duty.Duty.IsWelcome ? _welcomed : _done).AddAsync(0, duty).WaitAsync(cancellationToken);
            return true;
        }
        catch (Exception e)
        {
            Failed(e);
            return false;
        }
    }

    /// <summary>One line every 10 s of what is to be expected: an outage is long, changes are many, and log lines are paid for.</summary>
    public void Failed(Exception failure)
    {
        if (failure is not (RealtimeUnavailableException or StoreUnavailableException or OperationCanceledException or TimeoutException))
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
