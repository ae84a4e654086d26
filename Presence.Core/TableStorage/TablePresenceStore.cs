using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>The users in Table Storage.</summary>
internal sealed class TablePresenceStore(PresenceTable table, RowReader rows, ManyUsers many, TableRosters rosters, TimeProvider time)
    : IPresenceStore, IDueStore
{
    public int ShardCount => table.ShardCount;

    public IReadOnlyList<IReadOnlyList<int>> Parts => table.Parts;

    public int PartOf(PresenceKey user) => table.AccountOf(PartitionOf(user));

    public async ValueTask<StoredUser> LoadAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        var partition = PartitionOf(user);
        if (await table.FindAsync(partition, TableKeys.Online(user), cancellationToken) is { } online)
        {
            if (online.IsOfOneUnseen())
            {
                // Whoever looks cannot tell it from one who is gone by how long that takes.
                await table.FindAsync(partition, TableKeys.Profile(user), cancellationToken);
            }

            return new(user, new(rows.Read(online, UserEntities.ToOnlineRecord), null), online.ETag.ToString());
        }

        // The user may come online between the two reads: the commit looks again before it takes this profile for the truth.
        if (await table.FindAsync(partition, TableKeys.Profile(user), cancellationToken) is { } profile)
        {
            return new(user, new(null, rows.Read(profile, UserEntities.ToProfileRecord)), profile.ETag.ToString());
        }

        return await LoadErasedAsync(user, cancellationToken);
    }

    public async ValueTask<StoredUser> LoadComingAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        var partition = PartitionOf(user);
        if (await table.FindAsync(partition, TableKeys.Profile(user), cancellationToken) is not { } profile)
        {
            // Whoever is here has a profile, too.
            return await LoadErasedAsync(user, cancellationToken);
        }

        return !profile.SaysNotHere() && await table.FindAsync(partition, TableKeys.Online(user), cancellationToken) is { } online
            ? new(user, new(rows.Read(online, UserEntities.ToOnlineRecord), null), online.ETag.ToString())
            : new(user, new(null, rows.Read(profile, UserEntities.ToProfileRecord)), profile.ETag.ToString());
    }

    public Task<IReadOnlyDictionary<PresenceKey, StoredUser>> ReadManyAsync(
        IReadOnlyCollection<PresenceKey> users, Func<PresenceKey, UserRecords, bool> isSeen, CancellationToken cancellationToken) =>
        many.ReadAsync(users, isSeen, cancellationToken);

    public async ValueTask<bool> TryCommitAsync(PendingCommit commit, CancellationToken cancellationToken)
    {
        var (before, after) = (commit.Before, commit.After);
        if (before.Records is { Online: null, Profile: not null } && after.Online is null && await IsOnlineAsync(before.User, cancellationToken))
        {
            return false;
        }

        if (before.Records is { Online: not null, IsDisguised: true } && after.IsDisguised)
        {
            // What somebody who is gone costs.
            await IsOnlineAsync(before.User, cancellationToken);
        }

        List<TableTransactionAction> uncounting =
        [
            .. UserCount.Includes(before.User, before.Records) && !UserCount.Includes(before.User, after)
                ? await UncountAsync(before.User, cancellationToken)
                : [],
        ];
        HashSet<string> missing = [];
        while (true)
        {
            // Built anew for each try: its event lies where it is sent.
            List<TableTransactionAction> actions =
            [
                .. UserTransaction.Build(commit, PartitionOf(before.User), time.GetUtcNow()).Where(action => !missing.Contains(action.Entity.RowKey)),
                .. uncounting,
            ];
            if (await table.TrySubmitAsync(actions, cancellationToken) is not var (refused, isMissing))
            {
                return true;
            }

            if (!isMissing || !WatchRows.IsRemoval(actions[refused]))
            {
                return false;
            }

            missing.Add(actions[refused].Entity.RowKey);
        }
    }

    public async ValueTask<string?> TryRecordAsync(PresenceKey user, string tag, OnlineRecord record, CancellationToken cancellationToken)
    {
        var row = record.ToRecordedEntity(PartitionOf(user), TableKeys.Online(user));
        try
        {
            var answer = await table.PromptAsync(
                row.PartitionKey,
                (client, token) => client.UpdateEntityAsync(row, new ETag(tag), TableUpdateMode.Merge, token), cancellationToken);
            return answer.Headers.ETag?.ToString();
        }
        catch (RequestFailedException e) when (e.IsConflict())
        {
            return null;
        }
    }

    public IAsyncEnumerable<(int Index, CommitResult Result)> CommitManyAsync(
        IReadOnlyList<PendingCommit> commits, CancellationToken cancellationToken)
    {
        var shards = commits.Index().GroupBy(one => PartitionOf(one.Item.Before.User)).ToList();
        return shards is [var only]
            ? CommitManyAsync(only.Key, [.. only], cancellationToken)
            : Merged.ReadAsync(shards.Select(shard => CommitManyAsync(shard.Key, [.. shard], cancellationToken)), cancellationToken);
    }

    public async Task<IReadOnlyList<StoredDuty>> PutOffAsync(
        IReadOnlyList<StoredDuty> duties, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var putOff = await Task.WhenAll(duties.GroupBy(duty => PartitionOf(duty.User)).SelectMany(shard => shard.Chunk(RowRemoval.Most)).Select(
            some => table.PromptAsync(
                PartitionOf(some[0].User),
                (client, token) => DutyRows.PutOffAsync(client, PartitionOf(some[0].User), some, until, token),
                cancellationToken)));
        return [.. putOff.SelectMany(some => some)];
    }

    public Task CrossOutAsync(IReadOnlyList<StoredDuty> done, CancellationToken cancellationToken) => Task.WhenAll(done
        .Select(duty => new TableEntity(PartitionOf(duty.User), TableKeys.Duty(duty.User, duty.Id)))
        .DistinctBy(row => row.RowKey)
        .GroupBy(row => row.PartitionKey)
        .Select(async shard =>
        {
            foreach (var rows in shard.Chunk(RowRemoval.Most))
            {
                await table.PromptAsync(shard.Key, (client, token) => RowRemoval.RemoveAsync(client, rows, token), cancellationToken);
            }
        }));

    public async Task<int> AbandonDutiesAsync(DateTimeOffset dueUntil, CancellationToken cancellationToken)
    {
        var abandoned = 0;
        foreach (var shard in table.Shards)
        {
            var filter = Range(shard, TableKeys.DutyPrefix).And($"(FirstDueAt le {dueUntil} or DueAt le {dueUntil})");
            abandoned += await RowRemoval.RemoveAsync(table, filter, cancellationToken);
        }

        return abandoned;
    }

    public async IAsyncEnumerable<DueRow> DueAsync(
        int shard, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = RowFilter.Between(TableKeys.Partition(shard), TableKeys.OnlinePrefix, TableKeys.After(TableKeys.DutyPrefix)).And($"DueAt le {now}");
        await foreach (var entity in table.QueryAsync(filter, select: null, cancellationToken))
        {
            if (rows.TryRead(entity, ToDueRow, out var due))
            {
                yield return due;
            }
        }
    }

    public IAsyncEnumerable<(PresenceKey User, PresenceStatus Status)> OnlineAsync(CancellationToken cancellationToken) =>
        Merged.ReadAsync(table.Shards.Select(shard => OnlineAsync(shard, cancellationToken)), cancellationToken);

    public async IAsyncEnumerable<StoredUser> LongGoneAsync(DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One shard after another: nobody waits for it, and what is found is changed meanwhile. A profile of version 0 is of one who was
        // never seen, or has come for the first time and is here now; rows older than their column have the time of their last write.
        var guests = TableKeys.ProfilePrefix + PresenceKey.AnonymousPrefix;
        foreach (var shard in table.Shards)
        {
            var filter = Range(shard, TableKeys.ProfilePrefix).And(
                $"((RowKey ge {guests} and RowKey lt {TableKeys.After(guests)} and LastSeenAt le {until}) or (Version eq {0L} and (TouchedAt le {until} or Timestamp le {until})))");
            await foreach (var entity in table.QueryAsync(filter, select: null, cancellationToken))
            {
                if (rows.TryRead(entity, ToOffline, out var user) && user.Records.Profile!.IsLongGone(user.User, until))
                {
                    yield return user;
                }
            }
        }
    }

    public Task WriteRosterAsync(string conversationId, IReadOnlyCollection<RosterEntry> entries, CancellationToken cancellationToken) =>
        rosters.WriteAsync(conversationId, entries, cancellationToken);

    public IAsyncEnumerable<RosterMember> RosterAsync(string conversationId, CancellationToken cancellationToken) =>
        rosters.ReadAsync(conversationId, cancellationToken);

    public Task SetBlockerAsync(string conversationId, PresenceKey user, bool holds, CancellationToken cancellationToken) =>
        rosters.SetBlockerAsync(conversationId, user, holds, cancellationToken);

    public async Task<IReadOnlyList<PresenceKey>> BlockersAsync(string conversationId, CancellationToken cancellationToken) =>
        await rosters.BlockersAsync(conversationId, cancellationToken);

    public Task<int> CleanRostersAsync(CancellationToken cancellationToken) => rosters.CleanAsync(cancellationToken);

    private async IAsyncEnumerable<(PresenceKey User, PresenceStatus Status)> OnlineAsync(
        int shard, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string[] select = [nameof(ITableEntity.PartitionKey), .. KeyOnly, nameof(ITableEntity.Timestamp), nameof(OnlineRecord.Status), UserEntities.Shown];
        await foreach (var entity in table.QueryAsync(Range(shard, TableKeys.OnlinePrefix), select, cancellationToken))
        {
            if (rows.TryRead(entity, row => (TableKeys.UserOf(row.RowKey, TableKeys.OnlinePrefix), row.ToStatus()), out var online)
                && online.Item2 != PresenceStatus.Offline)
            {
                yield return online;
            }
        }
    }

    internal static string[] KeyOnly { get; } = [nameof(ITableEntity.RowKey)];

    internal static RowFilter Range(int shard, string prefix) => RowFilter.Prefixed(TableKeys.Partition(shard), prefix);

    private static DueRow ToDueRow(TableEntity row) => row.RowKey.StartsWith(TableKeys.DutyPrefix, StringComparison.Ordinal)
        ? new(null, row.ToDuty())
        : new(ToOnline(row), null);

    internal static StoredUser ToOnline(TableEntity row) =>
        new(TableKeys.UserOf(row.RowKey, TableKeys.OnlinePrefix), new(row.ToOnlineRecord(), null), row.ETag.ToString());

    internal static StoredUser ToOffline(TableEntity row) =>
        new(TableKeys.UserOf(row.RowKey, TableKeys.ProfilePrefix), new(null, row.ToProfileRecord()), row.ETag.ToString());

    private async ValueTask<StoredUser> LoadErasedAsync(PresenceKey user, CancellationToken cancellationToken) =>
        await table.FindAsync(PartitionOf(user), TableKeys.Tombstone(user), cancellationToken) is { } tombstone
            ? new(user, new(null, rows.Read(tombstone, UserEntities.ToErasedProfile)), tombstone.ETag.ToString())
            : new(user, default, null);

    /// <summary>
    /// Whoever comes online from now on changes the profile, and with it the ETag that the commit asks for; whoever did so before the
    /// profile was read is seen here. Where the commit itself makes the online row, or the profile, one that is there refuses it.
    /// </summary>
    private async ValueTask<bool> IsOnlineAsync(PresenceKey user, CancellationToken cancellationToken) =>
        await table.FindAsync(PartitionOf(user), TableKeys.Online(user), cancellationToken) is not null;

    private async ValueTask<IEnumerable<TableTransactionAction>> UncountAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        var partition = PartitionOf(user);
        var own = await table.FindAsync(partition, TableKeys.Count(user), cancellationToken);
        return UserCount.Remove(own, own is null ? await table.FindAsync(partition, UserCount.TotalRow, cancellationToken) : null);
    }

    private async IAsyncEnumerable<(int Index, CommitResult Result)> CommitManyAsync(
        string partition, IReadOnlyList<(int Index, PendingCommit Commit)> commits, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var transactions = new UserTransactions(
            async actions => (await table.TrySubmitAsync(actions, CancellationToken.None, isOfSweep: true))?.Action,
            user => LoadAsync(user, CancellationToken.None),
            time);
        await foreach (var (index, result) in transactions.CommitAsync(partition, [.. commits.Select(one => one.Commit)], cancellationToken))
        {
            yield return (commits[index].Index, result);
        }
    }

    private string PartitionOf(PresenceKey user) => TableKeys.Partition(TableKeys.Shard(user, ShardCount));
}
