using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>The users in Table Storage.</summary>
internal sealed class TablePresenceStore(PresenceTable table) : IPresenceStore, IDueStore
{
    private const int MostActions = 100;

    public int ShardCount => table.ShardCount;

    public async ValueTask<StoredUser> LoadAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        var partition = PartitionOf(user);
        if (await FindAsync(partition, TableKeys.Online(user), cancellationToken) is { } online)
        {
            return new(user, new(online.ToOnlineRecord(), null), online.ETag.ToString());
        }

        // The user may come online between the two reads: the commit looks again before it takes this profile for the truth.
        if (await FindAsync(partition, TableKeys.Profile(user), cancellationToken) is { } profile)
        {
            return new(user, new(null, profile.ToProfileRecord()), profile.ETag.ToString());
        }

        return await FindAsync(partition, TableKeys.Tombstone(user), cancellationToken) is { } tombstone
            ? new(user, new(null, tombstone.ToErasedProfile()), tombstone.ETag.ToString())
            : new(user, default, null);
    }

    public async ValueTask<bool> TryCommitAsync(
        StoredUser before, UserRecords after, StoredDuty? owed, CancellationToken cancellationToken)
    {
        if (before.Records is { Online: null, Profile: not null } && after.Online is null && await IsOnlineAsync(before.User, cancellationToken))
        {
            return false;
        }

        var actions = UserTransaction.Build(before, after, owed, PartitionOf(before.User));
        if (UserCount.Includes(before.User, before.Records) && !UserCount.Includes(before.User, after))
        {
            actions.AddRange(await UncountAsync(before.User, cancellationToken));
        }

        while (true)
        {
            try
            {
                return await table.PromptAsync(client => SubmitAsync(client, actions, cancellationToken), cancellationToken);
            }
            catch (TableTransactionFailedException e) when (MissingRosterRow(e, actions) is { } index)
            {
                // Somebody removed the row by hand; it was to be deleted anyway.
                actions.RemoveAt(index);
            }
            catch (RequestFailedException e) when (e.IsConflict())
            {
                return false;
            }
        }
    }

    public async Task CrossOutAsync(IReadOnlyList<StoredDuty> done, CancellationToken cancellationToken)
    {
        foreach (var shard in done.GroupBy(duty => PartitionOf(duty.User)))
        {
            foreach (var some in shard.DistinctBy(d => (d.User, d.Id)).Chunk(MostActions))
            {
                var rows = some.Select(duty => new TableEntity(shard.Key, TableKeys.Duty(duty.User, duty.Id))).ToArray();
                await table.PromptAsync(client => RowRemoval.RemoveAsync(client, rows, cancellationToken), cancellationToken);
            }
        }
    }

    public async IAsyncEnumerable<DueRow> DueAsync(
        int shard, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {TableKeys.Partition(shard)} and RowKey ge {TableKeys.OnlinePrefix} and RowKey lt {TableKeys.After(TableKeys.DutyPrefix)} and DueAt le {now}");
        await foreach (var entity in table.QueryAsync(filter, select: null, cancellationToken))
        {
            yield return entity.RowKey.StartsWith(TableKeys.DutyPrefix, StringComparison.Ordinal)
                ? new(null, entity.ToDuty())
                : new(
                    new(TableKeys.UserOf(entity.RowKey, TableKeys.OnlinePrefix), new(entity.ToOnlineRecord(), null), entity.ETag.ToString()),
                    null);
        }
    }

    public IAsyncEnumerable<(PresenceKey User, PresenceStatus Status)> OnlineAsync(CancellationToken cancellationToken) =>
        Merged.ReadAsync(table.Shards.Select(shard => OnlineAsync(shard, cancellationToken)), cancellationToken);

    public async IAsyncEnumerable<StoredUser> AnonymousLastSeenUntilAsync(
        DateTimeOffset lastSeenUntil, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One shard after another: nobody waits for it, and what is found is changed meanwhile.
        foreach (var shard in table.Shards)
        {
            var filter = Range(shard, TableKeys.ProfilePrefix + PresenceKey.AnonymousPrefix)
                + TableClient.CreateQueryFilter($" and LastSeenAt le {lastSeenUntil}");
            await foreach (var entity in table.QueryAsync(filter, select: null, cancellationToken))
            {
                yield return new(
                    TableKeys.UserOf(entity.RowKey, TableKeys.ProfilePrefix), new(null, entity.ToProfileRecord()), entity.ETag.ToString());
            }
        }
    }

    public IAsyncEnumerable<PresenceView> RosterAsync(string conversationId, CancellationToken cancellationToken) =>
        Merged.ReadAsync(table.Shards.Select(shard => RosterAsync(shard, conversationId, cancellationToken)), cancellationToken);

    private async IAsyncEnumerable<(PresenceKey User, PresenceStatus Status)> OnlineAsync(
        int shard, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string[] select = [.. KeyOnly, nameof(OnlineRecord.Status)];
        await foreach (var entity in table.QueryAsync(Range(shard, TableKeys.OnlinePrefix), select, cancellationToken))
        {
            yield return (TableKeys.UserOf(entity.RowKey, TableKeys.OnlinePrefix), entity.ToStatus());
        }
    }

    private async IAsyncEnumerable<PresenceView> RosterAsync(
        int shard, string conversationId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = TableKeys.RosterPrefix + conversationId + TableKeys.Separator;
        await foreach (var entity in table.QueryAsync(Range(shard, prefix), select: null, cancellationToken))
        {
            yield return entity.ToView(TableKeys.UserOf(entity.RowKey, prefix));
        }
    }

    internal static string[] KeyOnly { get; } = [nameof(ITableEntity.RowKey)];

    internal static string Range(int shard, string prefix) => TableClient.CreateQueryFilter(
        $"PartitionKey eq {TableKeys.Partition(shard)} and RowKey ge {prefix} and RowKey lt {TableKeys.After(prefix)}");

    private static async Task<bool> SubmitAsync(TableClient client, List<TableTransactionAction> actions, CancellationToken cancellationToken)
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

    /// <summary>
    /// Whoever comes online from now on changes the profile, and with it the ETag that the commit asks for; whoever did so before the
    /// profile was read is seen here. Where the commit itself makes the online row, or the profile, one that is there refuses it.
    /// </summary>
    private async ValueTask<bool> IsOnlineAsync(PresenceKey user, CancellationToken cancellationToken) =>
        await FindAsync(PartitionOf(user), TableKeys.Online(user), cancellationToken) is not null;

    private async ValueTask<IEnumerable<TableTransactionAction>> UncountAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        var partition = PartitionOf(user);
        var own = await FindAsync(partition, TableKeys.Count(user), cancellationToken);
        return UserCount.Remove(own, own is null ? await FindAsync(partition, UserCount.TotalRow, cancellationToken) : null);
    }

    private static int? MissingRosterRow(TableTransactionFailedException error, List<TableTransactionAction> actions) =>
        error.IsMissingRow()
        && error.FailedTransactionActionIndex is { } index
        && index < actions.Count
        && actions[index] is { ActionType: TableTransactionActionType.Delete, Entity.RowKey: var key }
        && key.StartsWith(TableKeys.RosterPrefix, StringComparison.Ordinal)
            ? index
            : null;

    private async ValueTask<TableEntity?> FindAsync(string partition, string rowKey, CancellationToken cancellationToken) =>
        await table.PromptAsync(
            async client =>
            {
                var found = await client.GetEntityIfExistsAsync<TableEntity>(partition, rowKey, cancellationToken: cancellationToken);
                return found.HasValue ? found.Value : null;
            },
            cancellationToken);

    private string PartitionOf(PresenceKey user) => TableKeys.Partition(TableKeys.Shard(user, ShardCount));
}
