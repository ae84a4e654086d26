using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Presence.Core.Concurrency;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>
/// The one table: made sure of before its first use, and again should it vanish. Calls go through here, so that a storage out of reach
/// is one kind of exception.
/// </summary>
public sealed partial class PresenceTable : IDisposable
{
    private const string ShardCountRow = "shards";
    private const string ShardCountValue = "ShardCount";
    private const string RostersValue = "Rosters";
    private const string ByConversation = "conversation";
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(10);

    private readonly Way _prompt;
    private readonly Way _patient;
    private readonly PresenceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<PresenceTable> _logger;
    private readonly SemaphoreSlim _opening = new(1);
    private volatile bool _open;
    private readonly IntervalGate _logTurn;
    private int _failures;

    /// <summary>Creates the clients; nothing is sent yet.</summary>
    public PresenceTable(
        StorageConnection connection, IOptions<PresenceOptions> options, IOptions<StorageClientOptions> client, PresenceMetrics metrics,
        TimeProvider time, ILogger<PresenceTable> logger)
    {
        _options = options.Value;
        _logTurn = new IntervalGate(LogEvery, time);
        _time = time;
        _logger = logger;
        _prompt = new(
            Client(TimeSpan.FromSeconds(2), retries: 1, longestWait: TimeSpan.FromSeconds(0.25)), Longest: TimeSpan.FromSeconds(4.5));
        _patient = new(
            Client(TimeSpan.FromSeconds(15), retries: 3, longestWait: TimeSpan.FromSeconds(2)), Longest: TimeSpan.FromSeconds(20));

        TableClient Client(TimeSpan networkTimeout, int retries, TimeSpan longestWait)
        {
            var clientOptions = new TableClientOptions
            {
                Retry =
                {
                    MaxRetries = retries,
                    Mode = RetryMode.Exponential,
                    Delay = TimeSpan.FromMilliseconds(100),
                    MaxDelay = TimeSpan.FromSeconds(1),
                    NetworkTimeout = networkTimeout,
                },
            };
            clientOptions.AddPolicy(new OnlyTableAnswers(), HttpPipelinePosition.PerRetry);
            clientOptions.AddPolicy(new RequestCounting(metrics), HttpPipelinePosition.PerRetry);
            client.Value.Configure?.Invoke(clientOptions);
            clientOptions.RetryPolicy = new BriefRetry(clientOptions.Retry, longestWait, time);
            return connection.CreateClient(clientOptions).GetTableClient(_options.TableName);
        }
    }

    /// <summary>Over how many partitions users are spread.</summary>
    public int ShardCount => _options.ShardCount;

    /// <summary>Each of them.</summary>
    internal IEnumerable<int> Shards => Enumerable.Range(0, ShardCount);

    /// <summary>
    /// Whether rosters lie by conversation, as they do since the table was made, or since <see cref="RosterMove"/> has moved them; else some
    /// still lie in the shards of their users, where an older version kept them. Known once the table is open.
    /// </summary>
    internal bool HasRostersByConversation { get; private set; }

    /// <summary>For calls that somebody waits for: one retry, 2 s a try, 4.5 s in all, whatever the storage says.</summary>
    internal Task<T> PromptAsync<T>(Func<TableClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RunAsync(_prompt, call, cancellationToken);

    /// <summary>For scans and upkeep: a query may take the service 5 s. 20 s in all.</summary>
    internal Task<T> PatientlyAsync<T>(Func<TableClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RunAsync(_patient, call, cancellationToken);

    /// <summary>A row that somebody waits for, or null.</summary>
    internal Task<TableEntity?> FindAsync(string partition, string rowKey, CancellationToken cancellationToken) =>
        PromptAsync((client, token) => FindAsync(client, partition, rowKey, token), cancellationToken);

    /// <summary>The same, for upkeep.</summary>
    internal Task<TableEntity?> FindPatientlyAsync(string partition, string rowKey, CancellationToken cancellationToken) =>
        PatientlyAsync((client, token) => FindAsync(client, partition, rowKey, token), cancellationToken);

    /// <summary>Null if the transaction is made; else which action was refused, and whether only because its row is missing.</summary>
    internal async Task<(int Action, bool IsMissing)?> TrySubmitAsync(
        IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        try
        {
            await PromptAsync((client, token) => SubmitAsync(client, actions, token), cancellationToken);
            return null;
        }
        catch (RequestFailedException e) when (e.IsConflict())
        {
            return ((e as TableTransactionFailedException)?.FailedTransactionActionIndex ?? 0, e.IsMissingRow());
        }
    }

    /// <summary>The rows of a query over partitions that the filter does not name, page by page, those of one partition together. For upkeep alone.</summary>
    internal IAsyncEnumerable<TableEntity> QueryEverywhereAsync(string filter, IEnumerable<string>? select, CancellationToken cancellationToken) =>
        QueryAsync(filter, select, cancellationToken);

    /// <summary>The rows of a query, page by page. A page may be short or empty with more to come.</summary>
    internal async IAsyncEnumerable<TableEntity> QueryAsync(
        string filter, IEnumerable<string>? select,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? continuation = null;
        do
        {
            var page = await PatientlyAsync(
                async (table, token) =>
                {
                    await foreach (var page in table.QueryAsync<TableEntity>(filter, 1000, select, token).AsPages(continuation))
                    {
                        return page;
                    }

                    return Page<TableEntity>.FromValues([], null, null!);
                },
                cancellationToken);
            foreach (var entity in page.Values)
            {
                yield return entity;
            }

            continuation = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(continuation));
    }

    /// <summary>Keeps for all instances, from their next start on, that all rosters lie by conversation.</summary>
    internal async Task KeepRostersByConversationAsync(CancellationToken cancellationToken)
    {
        var row = new TableEntity(TableKeys.MetaPartition, ShardCountRow) { [RostersValue] = ByConversation };
        await PatientlyAsync((client, token) => client.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge, token), cancellationToken);
        HasRostersByConversation = true;
    }

    /// <summary>Makes sure that the table exists and is spread as we are configured.</summary>
    /// <exception cref="ShardCountMismatchException">The table was made with another shard count.</exception>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public Task OpenAsync(CancellationToken cancellationToken) => PromptAsync((_, _) => Task.FromResult(true), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _opening.Dispose();

    private static async Task<TableEntity?> FindAsync(TableClient client, string partition, string rowKey, CancellationToken cancellationToken)
    {
        var found = await client.GetEntityIfExistsAsync<TableEntity>(partition, rowKey, cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    private static async Task<bool> SubmitAsync(TableClient client, IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        if (actions is [{ ActionType: TableTransactionActionType.UpdateReplace } only])
        {
            await client.UpdateEntityAsync(only.Entity, only.ETag, TableUpdateMode.Replace, cancellationToken);
        }
        else
        {
            await client.SubmitTransactionAsync(actions, cancellationToken);
        }

        return true;
    }

    private async Task<T> RunAsync<T>(Way way, Func<TableClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(way.Longest, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await EnsureOpenAsync(either.Token);
            try
            {
                return await call(way.Table, either.Token);
            }
            catch (RequestFailedException e) when (e.IsMissingTable())
            {
                LogTableVanished(_options.TableName);
                _open = false;
                await EnsureOpenAsync(either.Token);
                return await call(way.Table, either.Token);
            }
        }
        catch (Exception e) when (e.IsOutOfReach() && !cancellationToken.IsCancellationRequested)
        {
            Log(e);
            throw new StoreUnavailableException("The storage is out of reach.", e) { RetryAfter = ServerWait.Of(e, _time.GetUtcNow()) };
        }
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
                await _prompt.Table.CreateIfNotExistsAsync(cancellationToken);
                await CheckShardCountAsync(cancellationToken);
                _open = true;
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task CheckShardCountAsync(CancellationToken cancellationToken)
    {
        var row = await _prompt.Table.GetEntityIfExistsAsync<TableEntity>(TableKeys.MetaPartition, ShardCountRow, cancellationToken: cancellationToken);
        if (!row.HasValue)
        {
            try
            {
                var mine = new TableEntity(TableKeys.MetaPartition, ShardCountRow) { [ShardCountValue] = _options.ShardCount, [RostersValue] = ByConversation };
                await _prompt.Table.AddEntityAsync(mine, cancellationToken);
                HasRostersByConversation = true;
                return;
            }
            catch (RequestFailedException e) when (e.IsConflict())
            {
                // Another instance was first, or a retry met its own success: what counts is what is there now.
                row = await _prompt.Table.GetEntityIfExistsAsync<TableEntity>(TableKeys.MetaPartition, ShardCountRow, cancellationToken: cancellationToken);
            }
        }

        if (row.Value!.GetInt32(ShardCountValue) is var found && found != _options.ShardCount)
        {
            throw new ShardCountMismatchException(_options.TableName, found, _options.ShardCount);
        }

        HasRostersByConversation = row.Value!.ContainsKey(RostersValue);
    }

    /// <summary>One line every 10 s, not one per call: an outage is long, calls are many, and log lines are paid for.</summary>
    private void Log(Exception failure)
    {
        Interlocked.Increment(ref _failures);
        if (_logTurn.TryTake())
        {
            LogOutOfReach(Interlocked.Exchange(ref _failures, 0), failure);
        }
    }

    [LoggerMessage(
        EventName = "StorageOutOfReach", Level = LogLevel.Warning,
        Message = "The storage is out of reach; calls that failed since this was last said: {Failures}.")]
    private partial void LogOutOfReach(int failures, Exception exception);

    [LoggerMessage(EventName = "TableVanished", Level = LogLevel.Warning, Message = "The table {Table} is gone; it is made anew.")]
    private partial void LogTableVanished(string table);

    /// <summary>A client of the table, and how long a call by it may take with everything that it needs, such as making the table.</summary>
    private sealed record Way(TableClient Table, TimeSpan Longest);
}
