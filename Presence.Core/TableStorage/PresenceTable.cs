using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>
/// The one table, in one storage account or spread over several. Every call goes through here and says which partition it is about, so that
/// it reaches the account in which that lies, and needs no other; and so that a storage out of reach is one kind of exception.
/// </summary>
public sealed class PresenceTable : IDisposable
{
    /// <summary>At 10 ms a request, 3,200 requests a second of one instance: far more than its calls ask for.</summary>
    private const int PromptAtOnce = 32;

    /// <summary>Apart from those, so that a crowd holds up no scan, and no scan holds up a call.</summary>
    private const int PatientAtOnce = 16;

    /// <summary>The most rows of one page.</summary>
    private const int MostAtOnce = 1000;

    /// <summary>Apart from both: whoever has gone turns offline in a crowd as well.</summary>
    private const int SweepAtOnce = 8;

    private readonly AccountTable[] _accounts;
    private readonly PresenceOptions _options;

    /// <summary>Creates the clients; nothing is sent yet.</summary>
    public PresenceTable(
        StorageConnection connection, IOptions<PresenceOptions> options, IOptions<StorageClientOptions> client, PresenceMetrics metrics,
        TimeProvider time, ILogger<PresenceTable> logger)
    {
        _options = options.Value;
        var prompt = Clients(TimeSpan.FromSeconds(2), retries: 1, longestWait: TimeSpan.FromSeconds(0.25));
        var patient = Clients(TimeSpan.FromSeconds(15), retries: 3, longestWait: TimeSpan.FromSeconds(2));
        var layout = new TableLayout(_options.TableName, _options.ShardCount, [.. prompt.Select(StorageConnection.NameOf)]);
        _accounts = new AccountTable[prompt.Count];
        for (var i = 0; i < _accounts.Length; i++)
        {
            _accounts[i] = new(
                layout,
                layout.Accounts[i],
                new(prompt[i].GetTableClient(_options.TableName), longest: TimeSpan.FromSeconds(4.5), PromptAtOnce),
                new(patient[i].GetTableClient(_options.TableName), longest: TimeSpan.FromSeconds(20), PatientAtOnce),
                new(prompt[i].GetTableClient(_options.TableName), longest: TimeSpan.FromSeconds(4.5), SweepAtOnce),
                i == AccountMap.First ? null : _accounts[AccountMap.First],
                time,
                logger);
        }

        IReadOnlyList<TableServiceClient> Clients(TimeSpan networkTimeout, int retries, TimeSpan longestWait)
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
            return connection.CreateClients(_options.StorageAccounts, clientOptions);
        }
    }

    /// <summary>Over how many partitions users are spread.</summary>
    public int ShardCount => _options.ShardCount;

    /// <summary>Each of them.</summary>
    internal IEnumerable<int> Shards => Enumerable.Range(0, ShardCount);

    /// <summary>The same, those of each account together.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> Parts => [.. Shards.GroupBy(shard => AccountOf(TableKeys.Partition(shard))).Select(part => part.ToArray())];

    /// <summary>
    /// Whether rosters lie by conversation, as they do since the table was made, or since <see cref="RosterMove"/> has moved them; else some
    /// still lie in the shards of their users, where an older version kept them. The first account says so.
    /// </summary>
    internal async ValueTask<bool> HasRostersByConversationAsync(CancellationToken cancellationToken)
    {
        var first = _accounts[AccountMap.First];
        if (first.HasRostersByConversation is null)
        {
            await first.OpenAsync(cancellationToken);
        }

        return first.HasRostersByConversation == true;
    }

    /// <summary>The same, as far as is known: false until the table is open.</summary>
    internal bool IsKnownToHaveRostersByConversation => _accounts[AccountMap.First].HasRostersByConversation == true;

    /// <summary>In which account a partition lies, counted from 0.</summary>
    internal int AccountOf(string partition) => AccountMap.AccountOf(partition, _accounts.Length);

    /// <summary>For calls that somebody waits for: one retry, 2 s a try, 4.5 s in all, whatever the storage says.</summary>
    internal Task<T> PromptAsync<T>(
        string partition, Func<TableClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        _accounts[AccountOf(partition)].PromptAsync(call, cancellationToken);

    /// <summary>For scans and upkeep: a query may take the service 5 s. 20 s in all.</summary>
    internal Task<T> PatientlyAsync<T>(
        string partition, Func<TableClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        _accounts[AccountOf(partition)].PatientlyAsync(call, cancellationToken);

    /// <summary>A row that somebody waits for, or null.</summary>
    internal Task<TableEntity?> FindAsync(string partition, string rowKey, CancellationToken cancellationToken) =>
        PromptAsync(partition, (client, token) => FindAsync(client, partition, rowKey, token), cancellationToken);

    /// <summary>The same, for upkeep.</summary>
    internal Task<TableEntity?> FindPatientlyAsync(string partition, string rowKey, CancellationToken cancellationToken) =>
        PatientlyAsync(partition, (client, token) => FindAsync(client, partition, rowKey, token), cancellationToken);

    /// <summary>Null if the transaction is made; else which action was refused, and whether only because its row is missing.</summary>
    internal async Task<(int Action, bool IsMissing)?> TrySubmitAsync(
        IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken, bool isOfSweep = false)
    {
        try
        {
            var account = _accounts[AccountOf(actions[0].Entity.PartitionKey)];
            Func<TableClient, CancellationToken, Task<bool>> submit = (client, token) => SubmitAsync(client, actions, token);
            await (isOfSweep ? account.SweepAsync(submit, cancellationToken) : account.PromptAsync(submit, cancellationToken));
            return null;
        }
        catch (RequestFailedException e) when (e.IsConflict())
        {
            return ((e as TableTransactionFailedException)?.FailedTransactionActionIndex ?? 0, e.IsMissingRow());
        }
    }

    /// <summary>
    /// The rows of a query over partitions that nobody names, in all accounts, page by page; those of one partition together. For upkeep alone.
    /// </summary>
    internal async IAsyncEnumerable<TableEntity> QueryEverywhereAsync(
        string filter, IEnumerable<string>? select, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var account in _accounts)
        {
            await foreach (var row in QueryAsync(account, filter, select, cancellationToken))
            {
                yield return row;
            }
        }
    }

    /// <summary>The first page of a query: one request. It may be short or empty with more to come.</summary>
    internal Task<Page<TableEntity>> FirstPageAsync(RowFilter filter, int most, CancellationToken cancellationToken) =>
        _accounts[AccountOf(filter.Partition)].PatientlyAsync(
            (client, token) => PageAsync(client, filter.ToString(), most, select: null, continuation: null, token), cancellationToken);

    /// <summary>The rows of a query, page by page, each of 1,000 rows unless fewer are asked for. A page may be short or empty with more to come.</summary>
    internal IAsyncEnumerable<TableEntity> QueryAsync(
        RowFilter filter, IEnumerable<string>? select, CancellationToken cancellationToken, int atOnce = MostAtOnce) =>
        QueryAsync(_accounts[AccountOf(filter.Partition)], filter.ToString(), select, cancellationToken, atOnce);

    private static async IAsyncEnumerable<TableEntity> QueryAsync(
        AccountTable account, string filter, IEnumerable<string>? select, [EnumeratorCancellation] CancellationToken cancellationToken, int atOnce = MostAtOnce)
    {
        string? continuation = null;
        do
        {
            var from = continuation;
            var page = await account.PatientlyAsync((client, token) => PageAsync(client, filter, atOnce, select, from, token), cancellationToken);
            foreach (var entity in page.Values)
            {
                yield return entity;
            }

            continuation = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(continuation));
    }

    private static async Task<Page<TableEntity>> PageAsync(
        TableClient client, string filter, int most, IEnumerable<string>? select, string? continuation, CancellationToken cancellationToken)
    {
        await foreach (var page in client.QueryAsync<TableEntity>(filter, most, select, cancellationToken).AsPages(continuation))
        {
            return page;
        }

        return Page<TableEntity>.FromValues([], null, null!);
    }

    /// <summary>Keeps for all instances, from their next start on, that all rosters lie by conversation.</summary>
    internal async Task KeepRostersByConversationAsync(CancellationToken cancellationToken)
    {
        var row = TableLayout.RostersByConversation();
        await PatientlyAsync(
            row.PartitionKey, (client, token) => client.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge, token), cancellationToken);
        _accounts[AccountMap.First].HasRostersByConversation = true;
    }

    /// <summary>Makes sure that the table exists in each account and is spread as we are configured.</summary>
    /// <exception cref="ShardCountMismatchException">The table was made with another shard count.</exception>
    /// <exception cref="StorageAccountsMismatchException">The table was made in other accounts.</exception>
    /// <exception cref="StoreUnavailableException">An account is out of reach, and no other has anything against us.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var opening = Task.WhenAll(_accounts.Select(account => account.OpenAsync(cancellationToken)));
        await opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.Exception?.InnerExceptions.FirstOrDefault(e => e is not StoreUnavailableException) is { } refusal)
        {
            ExceptionDispatchInfo.Throw(refusal);
        }

        await opening;
    }

    /// <summary>Asks each account for a row, which need not be there.</summary>
    /// <exception cref="StoreUnavailableException">One of them is out of reach.</exception>
    internal Task AskEachAccountAsync(CancellationToken cancellationToken) => Task.WhenAll(_accounts.Select(account => account.PromptAsync(
        (client, token) => FindAsync(client, TableKeys.MetaPartition, "health", token), cancellationToken)));

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_accounts, account => account.Dispose());

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
}
