using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Throttle;

/// <summary>
/// Records what windows have held back of users who have gone quiet, so that last seen is when they were last active and not up to a window
/// earlier. Also when the instance ends; one that dies takes with it what it held back, one window at most.
/// </summary>
public sealed partial class HeldActivityWriter : BackgroundService
{
    private const int UsersAtOnce = 8;

    /// <summary>From so many on it is cheaper to look first: who has gone on calling elsewhere has nothing to be written.</summary>
    private const int FewestLookedUp = 3;

    /// <summary>Last seen is told to the second.</summary>
    private static readonly TimeSpan Worthwhile = TimeSpan.FromSeconds(1);

    private static readonly IReadOnlyDictionary<PresenceKey, StoredUser> Nobody = new Dictionary<PresenceKey, StoredUser>();

    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(1);

    private readonly ActivityWindow _window;
    private readonly PresenceEngine _engine;
    private readonly IPresenceStore _store;
    private readonly TimeSpan _interval;

    /// <summary>Those who are quiet and not due are looked up so seldom: who has really gone stays among them until it is due.</summary>
    private readonly IntervalGate _turn;

    private readonly TimeProvider _time;
    private readonly ILogger<HeldActivityWriter> _logger;

    internal HeldActivityWriter(
        ActivityWindow window, PresenceEngine engine, IPresenceStore store, IOptions<PresenceOptions> options, TimeProvider time,
        ILogger<HeldActivityWriter> logger)
    {
        (_window, _engine, _store, _time, _logger) = (window, engine, store, time, logger);
        var widest = options.Value.Widest;
        _turn = new IntervalGate(widest.QuietAfter / 2, time);
        _interval = widest.Leeway < LongestInterval ? widest.Leeway : LongestInterval;
    }

    /// <summary>Records what is held back of those who have gone quiet.</summary>
    /// <param name="all">Of everybody, because this instance ends.</param>
    /// <param name="cancellationToken">Ends it between two users.</param>
    /// <returns>How many users there were.</returns>
    public async Task<int> WriteAsync(bool all, CancellationToken cancellationToken)
    {
        var quiet = _window.TakeQuiet(all);
        if (quiet.Count == 0)
        {
            return 0;
        }

        var waiting = (_turn.TryTake() ? _window.Quiet() : []).ToLookup(held => _store.PartOf(held.User));
        await Task.WhenAll(quiet.GroupBy(held => _store.PartOf(held.User)).Select(
            part => WriteAsync([.. part], [.. waiting[part.Key]], cancellationToken)));
        return quiet.Count;
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(all: true, cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteAsync(all: false, CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The instance ends; stopping writes the rest.
        }
    }

    /// <summary>Those of one part of the storage: while it is out of reach, those of another are written.</summary>
    private async Task WriteAsync(
        IReadOnlyList<(PresenceKey User, DateTimeOffset At)> due, IReadOnlyList<(PresenceKey User, DateTimeOffset At)> waiting,
        CancellationToken cancellationToken)
    {
        var known = await TryLookUpAsync(due, waiting, cancellationToken);
        var isOutOfReach = known is null;
        await Parallel.ForEachAsync(
            due.Where(held => !(LastActiveOf(known, held.User) > held.At - Worthwhile)),
            new ParallelOptions { MaxDegreeOfParallelism = UsersAtOnce, CancellationToken = cancellationToken },
            async (held, token) =>
            {
                // Storage that is out of reach is not asked for each of them: what is taken out waits in here, where no other write finds it.
                if (isOutOfReach || !await TryWriteAsync(held.User, held.At, token))
                {
                    isOutOfReach = true;
                    _window.PutBack(held.User, held.At);
                }
            });
    }

    /// <summary>
    /// What is recorded of those who are due, and with them of all others who are quiet: looked up together they cost little, and who has gone
    /// on calling elsewhere is due no more. Nothing where they are few; null where storage is out of reach.
    /// </summary>
    private async Task<IReadOnlyDictionary<PresenceKey, StoredUser>?> TryLookUpAsync(
        IReadOnlyList<(PresenceKey User, DateTimeOffset At)> due, IReadOnlyList<(PresenceKey User, DateTimeOffset At)> waiting,
        CancellationToken cancellationToken)
    {
        if (due.Count + waiting.Count < FewestLookedUp)
        {
            return Nobody;
        }

        try
        {
            var known = await _store.ReadManyAsync([.. due.Concat(waiting).Select(held => held.User)], (_, _) => true, cancellationToken);
            foreach (var (user, _) in waiting)
            {
                if (LastActiveOf(known, user) is { } recorded)
                {
                    _window.Told(user, recorded);
                }
            }

            return known;
        }
        catch (StoreUnavailableException)
        {
            // Logged by the table.
            return null;
        }
    }

    private static DateTimeOffset? LastActiveOf(IReadOnlyDictionary<PresenceKey, StoredUser>? known, PresenceKey user) =>
        known?.GetValueOrDefault(user)?.Records is { } records ? records.Online?.LastActiveAt ?? records.Profile?.LastSeenAt : null;

    /// <summary>False if it must be tried again, because storage is out of reach.</summary>
    private async ValueTask<bool> TryWriteAsync(PresenceKey user, DateTimeOffset at, CancellationToken cancellationToken)
    {
        try
        {
            await _engine.ApplyAsync(user, new PresenceEvent.HeldActivity(at), cancellationToken);
            return true;
        }
        catch (StoreUnavailableException)
        {
            // Logged by the table.
            return false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // One that can never be written must not keep the others from being written, nor be tried for ever.
            LogNotWritten(e);
            return true;
        }
    }

    [LoggerMessage(EventName = "HeldActivityLost", Level = LogLevel.Error, Message = "The last activity of a user who has gone quiet could not be recorded.")]
    private partial void LogNotWritten(Exception exception);
}
