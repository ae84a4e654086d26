using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>Writes and reads the rosters of conversations, and removes what says nothing any more.</summary>
/// <param name="submit">Sends a transaction. Null if it is made; else which action was refused, and whether only because its row is missing.</param>
/// <param name="query">The rows of a partition that belong to rosters.</param>
/// <param name="rows">Reads them.</param>
/// <param name="mayClean">Whether nobody else writes rows that others may depend on.</param>
/// <param name="time">The clock.</param>
/// <param name="worthCleaning">So many rows are worth a request of their own. What is less, the daily clean-up removes.</param>
/// <param name="goneFor">So long a row says that a user is gone; by default <see cref="RosterRows.GoneFor"/>.</param>
internal sealed class ConversationRosters(
    Func<IReadOnlyList<TableTransactionAction>, CancellationToken, Task<(int Action, bool IsMissing)?>> submit,
    Func<string, CancellationToken, IAsyncEnumerable<TableEntity>> query,
    RowReader rows,
    Func<bool> mayClean,
    TimeProvider time,
    int worthCleaning = 40,
    TimeSpan? goneFor = null)
{
    private const int TransactionsAtOnce = 4;

    private readonly ConcurrentDictionary<string, byte> _cleaning = new(StringComparer.Ordinal);

    /// <summary>
    /// Writes what a roster is to say: one request for each 50 users at most, one more for each row to be replaced that is gone already, and
    /// where somebody may have tried before, what it costs to read the roster.
    /// </summary>
    public async Task WriteAsync(string conversationId, IReadOnlyCollection<RosterEntry> entries, CancellationToken cancellationToken)
    {
        var partition = TableKeys.Conversation(conversationId);
        var actions = entries.Any(entry => entry.IsLate)
            ? RosterRows.Build(partition, entries, await ReadAllAsync(partition, cancellationToken))
            : RosterRows.Build(partition, entries);
        await Parallel.ForEachAsync(
            Together(actions),
            new ParallelOptions { MaxDegreeOfParallelism = TransactionsAtOnce, CancellationToken = cancellationToken },
            async (some, token) => await SubmitAsync(some, token));
    }

    /// <summary>Whom a roster names, with a revision for each: one request for each 1,000 rows. What is found to say nothing is removed in the background.</summary>
    public async Task<IReadOnlyCollection<RosterRows.OfUser>> ReadAsync(string conversationId, CancellationToken cancellationToken)
    {
        var partition = TableKeys.Conversation(conversationId);
        var users = await ReadAllAsync(partition, cancellationToken);
        var superfluous = Superfluous(users);
        if (superfluous.Count >= worthCleaning && mayClean() && _cleaning.TryAdd(partition, 0))
        {
            _ = CleanAsync(partition, superfluous);
        }

        return users;
    }

    /// <summary>Removes what says nothing any more from the rows of one partition.</summary>
    /// <returns>How many rows.</returns>
    public async Task<int> CleanAsync(IEnumerable<TableEntity> ofPartition, CancellationToken cancellationToken)
    {
        var superfluous = mayClean() ? Superfluous(RosterRows.Read(ofPartition, rows)) : [];
        await RemoveAsync(superfluous, cancellationToken);
        return superfluous.Count;
    }

    /// <summary>Removes rows of one partition; one that is gone is no error.</summary>
    public async Task RemoveAsync(IEnumerable<TableEntity> found, CancellationToken cancellationToken)
    {
        foreach (var some in found.Chunk(RowRemoval.Most))
        {
            await SubmitAsync(Removal(some), cancellationToken);
        }
    }

    private static List<TableTransactionAction> Removal(IEnumerable<TableEntity> found) =>
        [.. found.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(row.PartitionKey, row.RowKey), ETag.All))];

    /// <summary>Those that name a user go before those that say that it is gone, each for each user.</summary>
    private List<TableEntity> Superfluous(IReadOnlyCollection<RosterRows.OfUser> users)
    {
        var goneUntil = time.GetUtcNow() - (goneFor ?? RosterRows.GoneFor);
        return [.. users.SelectMany(user => user.Superfluous(goneUntil)).OrderBy(row => row.User is null).Select(row => row.Entity)];
    }

    private async Task<IReadOnlyCollection<RosterRows.OfUser>> ReadAllAsync(string partition, CancellationToken cancellationToken) =>
        RosterRows.Read(await query(partition, cancellationToken).ToListAsync(cancellationToken), rows);

    private async Task CleanAsync(string partition, List<TableEntity> superfluous)
    {
        try
        {
            foreach (var some in superfluous.Chunk(RowRemoval.Most))
            {
                if (await submit(Removal(some), CancellationToken.None) is not null)
                {
                    // Another instance is at it.
                    break;
                }
            }
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            // The next read finds them again.
        }
        finally
        {
            _cleaning.TryRemove(partition, out _);
        }
    }

    private async Task SubmitAsync(List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        while (actions.Count > 0 && await submit(actions, cancellationToken) is var (action, isMissing))
        {
            if (!isMissing)
            {
                throw new InvalidOperationException("What is written without a condition was refused.");
            }

            actions.RemoveAt(action);
        }
    }

    private static IEnumerable<List<TableTransactionAction>> Together(IEnumerable<List<TableTransactionAction>> users)
    {
        List<TableTransactionAction> together = [];
        foreach (var user in users)
        {
            foreach (var some in user.Chunk(RowRemoval.Most))
            {
                if (together.Count + some.Length > RowRemoval.Most)
                {
                    yield return together;
                    together = [];
                }

                together.AddRange(some);
            }
        }

        if (together.Count > 0)
        {
            yield return together;
        }
    }
}
