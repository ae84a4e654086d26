using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>
/// Looks up many users. Some of one shard are asked for together: a query for who of them is here, and one for the profiles of the others.
/// The service answers such a query by looking at all rows of the kind between the first and the last key, so it is cheap until the shard is
/// large: where it takes longer than a read for each user would, or is more than the service takes, each is read by itself from then on, in
/// that account.
/// </summary>
internal sealed class ManyUsers(PresenceTable table, RowReader rows, TimeProvider time)
{
    private const int FewestTogether = 2;
    private const int ShardsAtOnce = 16;

    /// <summary>
    /// In characters as the URL has them, of which there are up to nine for one of a key: as much as a client of the service can send. What stands
    /// in front of the service may take less, and says so before anything is looked for.
    /// </summary>
    private const int LongestFilter = 60_000;

    /// <summary>The characters of one <c> or </c> as the URL has them.</summary>
    private const int Or = 8;

    /// <summary>What is taken everywhere: about 100 ids that are UUIDs.</summary>
    private const int SureFilter = 7_000;

    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan QuickPerUser = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(int Account, string Kind), long> _slowSince = new();
    private readonly ConcurrentDictionary<int, long> _shortSince = new();

    /// <summary>The records of each user; of one whose row cannot be read none. What is read of one whom nobody knows is not what a change of it is made from: it may be erased.</summary>
    public async Task<IReadOnlyDictionary<PresenceKey, StoredUser>> ReadAsync(
        IReadOnlyCollection<PresenceKey> asked, Func<PresenceKey, UserRecords, bool> isSeen, CancellationToken cancellationToken)
    {
        var users = new ConcurrentDictionary<PresenceKey, StoredUser>();
        await Parallel.ForEachAsync(
            asked.Distinct().GroupBy(user => TableKeys.Shard(user, table.ShardCount)),
            new ParallelOptions { MaxDegreeOfParallelism = ShardsAtOnce, CancellationToken = cancellationToken },
            async (shard, token) =>
            {
                var here = await FindAsync(shard.Key, TableKeys.OnlinePrefix, [.. shard.Select(TableKeys.Online)], token);
                List<PresenceKey> away = [];
                foreach (var user in shard)
                {
                    if (!here.TryGetValue(TableKeys.Online(user), out var found))
                    {
                        away.Add(user);
                    }
                    else if (rows.TryRead(found, row => new UserRecords(row.ToOnlineRecord(), null), out var online))
                    {
                        users[user] = new(user, online, found.ETag.ToString());
                        away.AddRange(isSeen(user, online) ? [] : [user]);
                    }
                }

                var profiles = await FindAsync(shard.Key, TableKeys.ProfilePrefix, [.. away.Select(TableKeys.Profile)], token);
                foreach (var user in away.Where(user => !users.ContainsKey(user)))
                {
                    if (!profiles.TryGetValue(TableKeys.Profile(user), out var found))
                    {
                        users[user] = new(user, default, null);
                    }
                    else if (rows.TryRead(found, row => new UserRecords(null, row.ToProfileRecord()), out var gone))
                    {
                        users[user] = new(user, gone, found.ETag.ToString());
                    }
                }
            });
        return users;
    }

    private async Task<IReadOnlyDictionary<string, TableEntity>> FindAsync(
        int shard, string kind, string[] keys, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, TableEntity>(StringComparer.Ordinal);
        if (keys.Length < FewestTogether || IsSlow(shard, kind) || !await TryTogetherAsync(shard, kind, keys, found, cancellationToken))
        {
            foreach (var key in keys.Where(key => !found.ContainsKey(key)))
            {
                if (await table.FindAsync(TableKeys.Partition(shard), key, cancellationToken) is { } row)
                {
                    found[key] = row;
                }
            }
        }

        return found;
    }

    /// <summary>False where it is not worth it; what was found until then is among the rest.</summary>
    private async Task<bool> TryTogetherAsync(
        int shard, string kind, string[] keys, Dictionary<string, TableEntity> found, CancellationToken cancellationToken)
    {
        // Waiting for a turn in a crowd does not count: that says nothing of the query.
        var took = TimeSpan.Zero;
        string[] left = [.. keys.Order(StringComparer.Ordinal)];
        while (left.Length > 0)
        {
            var (filter, count, isSure) = Filter(shard, left, IsShort(shard) ? SureFilter : LongestFilter);
            try
            {
                var (page, more, waited) = await table.PromptAsync(
                    filter.Partition, (client, token) => AskAsync(client, filter, Patience - took, token), cancellationToken);
                took += waited;
                foreach (var row in page)
                {
                    found[row.RowKey] = row;
                }

                if (more)
                {
                    return NotWorthIt(shard, kind);
                }

                left = left[count..];
            }
            catch (Exception e) when (!isSure && IsTooLong(e))
            {
                _shortSince[AccountOf(shard)] = time.GetTimestamp();
            }
            catch (Exception e) when (IsTooMuch(e))
            {
                return NotWorthIt(shard, kind);
            }
        }

        _ = took <= Quick || took <= QuickPerUser * keys.Length || NotWorthIt(shard, kind);
        return true;
    }

    /// <summary>A server in front of the service has a limit of its own, and answers for itself.</summary>
    private static bool IsTooLong(Exception? error) => error switch
    {
        StoreUnavailableException or AggregateException => IsTooLong(error.InnerException),
        RequestFailedException e => e.Status is 400 or 414 or 431,
        ForeignAnswerException e => e.Status is 400 or 414 or 431,
        _ => false,
    };

    /// <summary>The service documents 15 comparisons for a filter and takes many more; should it one day refuse, we take the other way.</summary>
    private static bool IsTooMuch(Exception error) =>
        (error as RequestFailedException ?? error.InnerException) is RequestFailedException { Status: 400 or 414 or 501 };

    /// <summary>The service ends a page early when it has looked for long enough; so do we.</summary>
    private async Task<(IReadOnlyList<TableEntity> Rows, bool More, TimeSpan Took)> AskAsync(
        TableClient client, RowFilter filter, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var limit = new CancellationTokenSource(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await foreach (var page in client.QueryAsync<TableEntity>(filter.ToString(), 1000, cancellationToken: either.Token).AsPages())
            {
                return (page.Values, !string.IsNullOrEmpty(page.ContinuationToken), time.GetElapsedTime(started));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ([], true, time.GetElapsedTime(started));
        }

        return ([], false, time.GetElapsedTime(started));
    }

    /// <summary>
    /// For as many of the keys as fit into it, and whether it is short enough for everybody. The bounds keep the service from looking at anything
    /// else in the partition, which it would for alternatives of keys alone.
    /// </summary>
    private static (RowFilter Filter, int Count, bool IsSure) Filter(int shard, string[] keys, int longest)
    {
        var length = 0;
        var any = new List<string>();
        while (any.Count < keys.Length)
        {
            var one = TableClient.CreateQueryFilter($"RowKey eq {keys[any.Count]}");
            var more = Uri.EscapeDataString(one).Length + Or;
            if (any.Count > 0 && length + more > longest)
            {
                break;
            }

            any.Add(one);
            length += more;
        }

        var range = RowFilter.Of(TableKeys.Partition(shard), $"RowKey ge {keys[0]} and RowKey le {keys[any.Count - 1]}");
        return (range with { Condition = $"{range.Condition} and ({string.Join(" or ", any)})" }, any.Count, any.Count == 1 || length <= SureFilter);
    }

    /// <summary>Whether long URLs were refused a while ago.</summary>
    private bool IsShort(int shard) => _shortSince.TryGetValue(AccountOf(shard), out var since) && time.GetElapsedTime(since) < AskAgainAfter;

    private bool IsSlow(int shard, string kind) =>
        _slowSince.TryGetValue((AccountOf(shard), kind), out var since) && time.GetElapsedTime(since) < AskAgainAfter;

    private bool NotWorthIt(int shard, string kind)
    {
        _slowSince[(AccountOf(shard), kind)] = time.GetTimestamp();
        return false;
    }

    private int AccountOf(int shard) => table.AccountOf(TableKeys.Partition(shard));
}
