using System.Threading.RateLimiting;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Presence.Core.Concurrency;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>The part of the table that lies in one storage account: made sure of before its first use, and again should it vanish.</summary>
/// <param name="layout">How the table is spread.</param>
/// <param name="name">What the account is called.</param>
/// <param name="prompt">For calls that somebody waits for.</param>
/// <param name="patient">For scans and upkeep.</param>
/// <param name="sweep">For what a sweep writes.</param>
/// <param name="first">The part in the first account; null if this is it.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told when the account is out of reach.</param>
internal sealed partial class AccountTable(
    TableLayout layout, string name, AccountTable.Way prompt, AccountTable.Way patient, AccountTable.Way sweep, AccountTable? first, TimeProvider time, ILogger logger)
    : IDisposable
{
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _opening = new(1);
    private readonly IntervalGate _logTurn = new(LogEvery, time);
    private volatile bool _open;
    private int _failures;

    /// <summary>Whether the part was made, or moved, with rosters by conversation; null until that is known.</summary>
    public bool? HasRostersByConversation { get; set; }

    public Task<T> PromptAsync<T>(Func<TableClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RunAsync(prompt, call, cancellationToken);

    public Task<T> PatientlyAsync<T>(Func<TableClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RunAsync(patient, call, cancellationToken);

    public Task<T> SweepAsync<T>(Func<TableClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RunAsync(sweep, call, cancellationToken);

    /// <summary>Makes sure that this part exists and is of a table that is spread as we are configured.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) => PromptAsync((_, _) => Task.FromResult(true), cancellationToken);

    public void Dispose()
    {
        _opening.Dispose();
        prompt.Dispose();
        patient.Dispose();
        sweep.Dispose();
    }

    private async Task<T> RunAsync<T>(Way way, Func<TableClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(way.Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await EnsureOpenAsync(either.Token);
            using var turn = await TakeTurnAsync(way, either.Token);

            try
            {
                return await call(way.Table, either.Token);
            }
            catch (RequestFailedException e) when (e.IsMissingTable())
            {
                LogTableVanished(layout.Table, name);
                _open = false;
                await EnsureOpenAsync(either.Token);
                return await call(way.Table, either.Token);
            }
        }
        catch (Exception e) when (e.IsOutOfReach() && !cancellationToken.IsCancellationRequested)
        {
            Log(e);
            throw new StoreUnavailableException("The storage is out of reach.", e) { RetryAfter = ServerWait.Of(e, time.GetUtcNow()) };
        }
    }

    /// <summary>Whoever gets a turn has time left for a try: else, in a crowd that is too large, everybody would be cut off in the middle of one.</summary>
    private async Task<RateLimitLease> TakeTurnAsync(Way way, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(way.LongestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var turn = await way.Turns.AcquireAsync(1, either.Token);
        return turn.IsAcquired ? turn : throw new IOException($"More than {Way.MostWaiting} calls wait for the storage.");
    }

    private async Task EnsureOpenAsync(CancellationToken cancellationToken)
    {
        if (_open)
        {
            return;
        }

        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (!_open)
            {
                var kept = await FindLayoutAsync(cancellationToken) ?? await MakeAsync(cancellationToken);
                layout.Check(kept);
                HasRostersByConversation = TableLayout.HasRostersByConversation(kept);
                _open = true;
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Makes this part. The first account decides whether the others are ours: until it has been asked, nothing is made in them.</summary>
    private async Task<TableEntity> MakeAsync(CancellationToken cancellationToken)
    {
        await (first?.EnsureOpenAsync(cancellationToken) ?? Task.CompletedTask);
        await prompt.Table.CreateIfNotExistsAsync(cancellationToken);
        var mine = layout.ToEntity();
        try
        {
            await prompt.Table.AddEntityAsync(mine, cancellationToken);
            return mine;
        }
        catch (RequestFailedException e) when (e.IsConflict())
        {
            // Another instance was first, or a retry met its own success: what counts is what is there now.
            return await prompt.Table.GetEntityAsync<TableEntity>(TableKeys.MetaPartition, TableLayout.RowKey, cancellationToken: cancellationToken);
        }
    }

    /// <summary>Null where this part is yet to be made, or its table.</summary>
    private async Task<TableEntity?> FindLayoutAsync(CancellationToken cancellationToken)
    {
        var row = await prompt.Table.GetEntityIfExistsAsync<TableEntity>(TableKeys.MetaPartition, TableLayout.RowKey, cancellationToken: cancellationToken);
        return row.HasValue ? row.Value : null;
    }

    /// <summary>One line every 10 s, not one per call: an outage is long, calls are many, and log lines are paid for.</summary>
    private void Log(Exception failure)
    {
        Interlocked.Increment(ref _failures);
        if (_logTurn.TryTake())
        {
            LogOutOfReach(name, Interlocked.Exchange(ref _failures, 0), failure);
        }
    }

    [LoggerMessage(
        EventName = "StorageOutOfReach", Level = LogLevel.Warning,
        Message = "The storage is out of reach ({Account}); calls that failed since this was last said: {Failures}.")]
    private partial void LogOutOfReach(string account, int failures, Exception exception);

    [LoggerMessage(EventName = "TableVanished", Level = LogLevel.Warning, Message = "The table {Table} is gone ({Account}); it is made anew.")]
    private partial void LogTableVanished(string table, string account);

    /// <summary>
    /// A client of the table. Only so many calls are on their way at once: all at once, a crowd would run into the time limits of the single
    /// requests, and fail as a whole. The others wait their turn, first come, first served; one for which that takes too long has sent nothing.
    /// </summary>
    /// <param name="table">The client.</param>
    /// <param name="longest">How long a call may take with everything that it needs: its turn, and making the table.</param>
    /// <param name="atOnce">How many calls are on their way at once.</param>
    internal sealed class Way(TableClient table, TimeSpan longest, int atOnce) : IDisposable
    {
        /// <summary>More than storage serves in the time that a call may wait.</summary>
        public const int MostWaiting = 20_000;

        public TableClient Table => table;

        public TimeSpan Longest => longest;

        /// <summary>How long of that a call waits for its turn at most.</summary>
        public TimeSpan LongestWait => longest * 0.55;

        public ConcurrencyLimiter Turns { get; } = new(new()
        {
            PermitLimit = atOnce, QueueLimit = MostWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });

        public void Dispose() => Turns.Dispose();
    }
}
