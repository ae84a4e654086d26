using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.Truth;

/// <summary>
/// Checks some users, of those shown as here and of those shown as gone, against the SignalR service. A difference is a suspicion first, and
/// wrong only if it is the same when it is looked at again: nothing under way explains it then. What cannot be found out counts as neither.
/// </summary>
public sealed partial class TruthCheck
{
    private const int AtOnce = 4;

    /// <summary>One that is shown as here by so many connections is not asked about further ones.</summary>
    private const int MostConnections = 10;

    private readonly ITruthStore _store;
    private readonly IPresenceStore _users;
    private readonly IRealtimeService _realtime;
    private readonly ServiceGate _gate;
    private readonly PresenceEngine _engine;
    private readonly IOptions<PresenceOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger<TruthCheck> _logger;
    private readonly TruthSampler _sampler;
    private readonly TruthTally _tally;
    private readonly Suspicions _suspicions = new();
    private bool _isRunning;

    internal TruthCheck(
        ITruthStore store, IPresenceStore users, IRealtimeService realtime, ServiceGate gate, PresenceEngine engine, IOptions<PresenceOptions> options,
        PresenceMetrics metrics, TimeProvider time, ILogger<TruthCheck> logger, Func<double> chance)
    {
        (_store, _users, _realtime, _gate, _engine, _options) = (store, users, realtime, gate, engine, options);
        (_time, _logger) = (time, logger);
        _tally = new TruthTally(metrics);
        _sampler = new TruthSampler(store, chance);
    }

    private TimeSpan SweepEvery => Schedules.IntervalAt(_options.Value.SweepSchedule, _time.GetUtcNow());

    /// <summary>Looks again at whom this instance suspects; and takes users to be checked, unless another instance has just done so.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var most = _options.Value.TruthSample;
        if (most == 0 || Interlocked.Exchange(ref _isRunning, true))
        {
            return;
        }

        using var span = Tracing.StartTruth();
        try
        {
            var settled = _suspicions.Take(_time.GetUtcNow() - TruthRules.LastsFrom(_options.Value, SweepEvery));
            await ForEachAsync(settled, user => LookAgainAsync(user, cancellationToken), cancellationToken);
            if (await TryTakeTurnAsync(cancellationToken))
            {
                var here = await _sampler.TakeAsync(isHere: true, (most + 1) / 2, cancellationToken);
                var gone = await _sampler.TakeAsync(isHere: false, most / 2, cancellationToken);
                await ForEachAsync([.. here, .. gone], user => LookAsync(user, cancellationToken), cancellationToken);
            }
        }
        catch (Exception)
        {
            span.Failed();
            throw;
        }
        finally
        {
            Volatile.Write(ref _isRunning, false);
        }
    }

    private static Task ForEachAsync<T>(IReadOnlyCollection<T> all, Func<T, Task> look, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (one, _) => await look(one));

    /// <summary>Whether it is this instance's turn; if so, what it has found out is kept for all with that.</summary>
    private async Task<bool> TryTakeTurnAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var kept = await _store.FindAsync(cancellationToken);
        if (kept?.Record is { } last && now - last.CheckedAt < Schedules.IntervalAt(_options.Value.TruthSchedule, now) / 2 && last.CheckedAt <= now)
        {
            return false;
        }

        var further = _tally.Take();
        var isKept = false;
        try
        {
            return isKept = await _store.TryKeepAsync(TruthRecord.Next(kept?.Record, further, now), kept?.Tag, cancellationToken);
        }
        finally
        {
            if (!isKept)
            {
                _tally.PutBack(further);
            }
        }
    }

    private Claim ClaimOf(UserRecords records) => TruthRules.ClaimOf(records, _time.GetUtcNow(), _options.Value, SweepEvery);

    private Task LookAsync(StoredUser found, CancellationToken cancellationToken) => TryAsync(ClaimOf(found.Records), async claim =>
    {
        if (!TruthRules.CanBeJudged(claim))
        {
            return CheckOutcome.Unasked;
        }

        if (!await DiffersAsync(found.User, claim, cancellationToken))
        {
            return CheckOutcome.Right;
        }

        if (!TruthRules.IsSame(claim, ClaimOf((await _users.LoadAsync(found.User, cancellationToken)).Records)))
        {
            return CheckOutcome.Changing;
        }

        _suspicions.Add(found.User, claim, _time.GetUtcNow());
        return null;
    });

    private Task LookAgainAsync((PresenceKey User, Claim Claim) suspicion, CancellationToken cancellationToken) => TryAsync(suspicion.Claim, async claim =>
    {
        if (!await DiffersAsync(suspicion.User, claim, cancellationToken))
        {
            return CheckOutcome.Right;
        }

        var now = await _users.LoadAsync(suspicion.User, cancellationToken);
        if (!TruthRules.IsSame(claim, ClaimOf(now.Records)))
        {
            return CheckOutcome.Changing;
        }

        if (claim.Kind == ClaimKind.ByConnection && await HasAnyOfAsync(now.Records.Connections, cancellationToken))
        {
            return CheckOutcome.Right;
        }

        LogWrong(claim.Kind, Hash(suspicion.User));
        await MendAsync(now, claim);
        return CheckOutcome.Wrong;
    });

    /// <summary>Counts what came out; nothing for a suspicion, which is counted when it is looked at again.</summary>
    private async Task TryAsync(Claim claim, Func<Claim, Task<string?>> look)
    {
        string? outcome;
        try
        {
            outcome = await look(claim);
        }
        catch (Exception e) when (e is RealtimeUnavailableException or StoreUnavailableException or UnreadableRowException)
        {
            outcome = CheckOutcome.Unchecked;
        }

        if (outcome is not null)
        {
            _tally.Count(claim.IsHere, outcome);
        }
    }

    private async Task<bool> DiffersAsync(PresenceKey user, Claim claim, CancellationToken cancellationToken)
    {
        var isConnected = false;
        if (TruthRules.CanBeAsked(claim))
        {
            await _gate.CallAsync(async token => isConnected = await _realtime.UserIsConnectedAsync(user, token), cancellationToken);
        }

        return TruthRules.Differs(claim, isConnected);
    }

    /// <summary>
    /// The service has been asked for the user; before anything is done about it, it is asked for the connections as well, until there is one that
    /// exists.
    /// </summary>
    private async Task<bool> HasAnyOfAsync(ConnectionSet connections, CancellationToken cancellationToken)
    {
        foreach (var connection in connections.Open.Take(MostConnections))
        {
            var exists = false;
            await _gate.CallAsync(async token => exists = await _realtime.ConnectionExistsAsync(connection.Id, token), cancellationToken);
            if (exists)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Connections that are gone are closed here too, as a sweep would do it after <see cref="PresenceOptions.ConnectionCheckAfter"/>. Of other
    /// differences it is not known here what caused them.
    /// </summary>
    private async Task MendAsync(StoredUser user, Claim claim)
    {
        if (claim.Kind != ClaimKind.ByConnection)
        {
            return;
        }

        var gone = user.Records.Connections.Open.Take(MostConnections).Select(c => c.Id).Intersect(claim.Because).ToHashSet(StringComparer.Ordinal);
        try
        {
            await _engine.ApplyAsync(
                user.User,
                new PresenceEvent.ConnectionsChecked(new HashSet<string>(), gone, _options.Value.Widest.RecordWindow),
                CancellationToken.None,
                user);
        }
        catch (StoreUnavailableException)
        {
            // Logged by the table. The next one who takes this user finds it again.
        }
    }

    /// <summary>By which whoever knows the user finds it in the log, and nobody else: the first 16 hex digits of the SHA-256 of its id.</summary>
    private static string Hash(PresenceKey user) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user.ToString())).AsSpan(0, 8));

    [LoggerMessage(
        EventName = "ShownWrongly", Level = LogLevel.Warning,
        Message = "A user is not as shown ({Claim}), and has not been for a while. The SHA-256 of its id begins with {Hash}; its explanation says more.")]
    private partial void LogWrong(ClaimKind claim, string hash);
}
