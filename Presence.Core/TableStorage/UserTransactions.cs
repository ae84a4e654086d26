using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>
/// Changes of several users of one partition, as many in one transaction as go into it. One that is refused takes nobody along: the others
/// are sent again without it.
/// </summary>
/// <param name="submit">Sends a transaction. Null if it is made; else which action refused it.</param>
/// <param name="load">Loads a user.</param>
/// <param name="time">The clock by which events are sent.</param>
internal sealed class UserTransactions(
    Func<IReadOnlyList<TableTransactionAction>, Task<int?>> submit,
    Func<PresenceKey, ValueTask<StoredUser>> load,
    TimeProvider time)
{
    /// <summary>Makes the changes.</summary>
    /// <param name="partition">Of which partition all of them are.</param>
    /// <param name="commits">The changes.</param>
    /// <param name="cancellationToken">Ends it between two transactions. None is given up half-way.</param>
    /// <returns>Which change, and what became of it, as soon as that is known.</returns>
    public async IAsyncEnumerable<(int Index, CommitResult Result)> CommitAsync(
        string partition, IReadOnlyList<PendingCommit> commits, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var some in Together(partition, commits))
        {
            var together = some;
            while (together.Count > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var known in await TryAsync(together, commits))
                {
                    yield return known;
                    together.RemoveAll(one => one.Index == known.Index);
                }

                // Events lie where they are sent: now, and not where those were that were refused.
                together = together.ConvertAll(one => (one.Index, Build(commits[one.Index], partition)));
            }
        }
    }

    private List<TableTransactionAction> Build(PendingCommit commit, string partition) => UserTransaction.Build(commit, partition, time.GetUtcNow());

    private IEnumerable<List<(int Index, List<TableTransactionAction> Actions)>> Together(
        string partition, IReadOnlyList<PendingCommit> commits)
    {
        List<(int Index, List<TableTransactionAction> Actions)> together = [];
        for (var i = 0; i < commits.Count; i++)
        {
            var actions = Build(commits[i], partition);
            if (together.Sum(one => one.Actions.Count) + actions.Count > RowRemoval.Most)
            {
                yield return together;

                // Sent behind those, and not when they were: else its event could lie further back than readers look.
                together = [];
                actions = Build(commits[i], partition);
            }

            together.Add((i, actions));
        }

        yield return together;
    }

    /// <summary>Sends one transaction; those of which it is known now what became of them.</summary>
    private async Task<IReadOnlyList<(int Index, CommitResult Result)>> TryAsync(
        List<(int Index, List<TableTransactionAction> Actions)> together, IReadOnlyList<PendingCommit> commits)
    {
        try
        {
            if (await submit([.. together.SelectMany(one => one.Actions)]) is not { } action)
            {
                return All(CommitResult.Made);
            }

            var index = OwnerOf(action, together);
            // A conflict may be with ourselves: the transaction was applied, its answer lost, and the retry met it. The row tells by the id.
            var commit = commits[index];
            var current = await load(commit.Before.User);
            return current.Records.IsWrittenBy(commit.After.WriteId) ? All(CommitResult.Made) : [(index, CommitResult.Refused)];
        }
        catch (StoreUnavailableException)
        {
            return All(CommitResult.Unknown);
        }
        catch (Exception)
        {
            // One of them can never be written. Which one shows when each is written by itself.
            return All(CommitResult.Refused);
        }

        IReadOnlyList<(int Index, CommitResult Result)> All(CommitResult result) => [.. together.Select(one => (one.Index, result))];
    }

    private static int OwnerOf(int action, List<(int Index, List<TableTransactionAction> Actions)> waiting)
    {
        foreach (var one in waiting)
        {
            if (action < one.Actions.Count)
            {
                return one.Index;
            }

            action -= one.Actions.Count;
        }

        throw new InvalidOperationException("The service names an action that was not sent.");
    }
}
