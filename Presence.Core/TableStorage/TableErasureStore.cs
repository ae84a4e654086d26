using System.Collections.Immutable;
using Azure;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.TableStorage;

/// <summary>Finds every row of a user in its shard and in the rosters that its records name, and removes those that belong to nothing.</summary>
internal sealed class TableErasureStore(PresenceTable table, IPresenceStore users, TableRosters rosters, TimeProvider time) : IErasureStore
{
    public async Task<int> RemoveStraysAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        // The rows before the records: what these do not account for, and is still as read when it is deleted, was made by nobody since.
        var rows = await RowsAsync(user, cancellationToken);
        var (stored, isMended) = await LoadAsync(user, rows, cancellationToken);
        var accounted = TableKeys.Accounted(stored);
        foreach (var stray in rows.Where(row => !accounted.Contains(row.RowKey)))
        {
            await table.PatientlyAsync(stray.PartitionKey, (client, token) => DeleteAsync(client, stray, token), cancellationToken);
        }

        return rows.Count + await RemoveFromRostersAsync(user, stored.Records, isMended, cancellationToken);
    }

    /// <summary>
    /// What a roster was told last goes with the record, by the engine; what was told before and has stayed for whatever reason goes here. Of
    /// one whose row could not be read nobody knows what was told last.
    /// </summary>
    private async Task<int> RemoveFromRostersAsync(PresenceKey user, UserRecords records, bool isMended, CancellationToken cancellationToken)
    {
        var found = 0;
        foreach (var conversation in records.Rosters)
        {
            var named = await rosters.RowsAsync(user, conversation, cancellationToken);
            await rosters.RemoveAsync(named.Where(row => isMended || TableKeys.OfRevision(row.RowKey).Revision < records.ToldTo(conversation)), cancellationToken);
            found += named.Count;
        }

        return found;
    }

    /// <summary>
    /// A user whose row cannot be read is given one that can, with the conversations whose rosters name it, so that it leaves as any other and
    /// those who hear of it are told. Only its connections are not known.
    /// </summary>
    private async Task<(StoredUser Stored, bool IsMended)> LoadAsync(PresenceKey user, List<TableEntity> rows, CancellationToken cancellationToken)
    {
        try
        {
            return (await users.LoadAsync(user, cancellationToken), IsMended: false);
        }
        catch (UnreadableRowException)
        {
            var mended = await MendedAsync(user, rows, cancellationToken);
            var broken = rows.Find(row => row.RowKey == mended.RowKey);
            await table.PatientlyAsync(mended.PartitionKey, (client, token) => ReplaceAsync(client, broken, mended, token), cancellationToken);
            return (await users.LoadAsync(user, cancellationToken), IsMended: true);
        }
    }

    private static async Task<bool> ReplaceAsync(TableClient client, TableEntity? broken, TableEntity mended, CancellationToken cancellationToken)
    {
        try
        {
            await (broken is null
                ? client.UpsertEntityAsync(mended, TableUpdateMode.Replace, cancellationToken)
                : client.UpdateEntityAsync(mended, broken.ETag, TableUpdateMode.Replace, cancellationToken));
        }
        catch (RequestFailedException e) when (e.IsConflict())
        {
            // Changed since it was read: then it is another row that is to be read.
        }

        return true;
    }

    private async Task<TableEntity> MendedAsync(PresenceKey user, List<TableEntity> rows, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToWholeMilliseconds();
        var partition = TableKeys.Partition(TableKeys.Shard(user, table.ShardCount));
        ImmutableArray<string> conversations =
        [
            .. (await rosters.ConversationsAsync(user, cancellationToken)).Take(AudienceRules.MaxConversations),
        ];
        if (rows.Find(row => row.RowKey == TableKeys.Online(user)) is { } online)
        {
            var record = new OnlineRecord
            {
                Since = now, LastActiveAt = now, RecordedAt = now, DueAt = now, Status = PresenceStatus.Online,
                Conversations = conversations, IsWatched = true, Version = VersionOf(online), EventAt = online.ToEventAt(),
            };
            return record.ToEntity(partition, online.RowKey);
        }

        if (rows.Find(row => row.RowKey == TableKeys.Profile(user)) is { } profile)
        {
            return new ProfileRecord
            {
                LeftAt = now, Conversations = conversations, BannedUntil = profile[UserEntities.BannedUntil] as DateTimeOffset?, Version = VersionOf(profile),
                EventAt = profile.ToEventAt(),
            }.ToEntity(partition, profile.RowKey);
        }

        return ProfileRecord.Tombstone(now).ToTombstone(partition, TableKeys.Tombstone(user));
    }

    /// <summary>Where it cannot be read, that of a user who has been seen.</summary>
    private static long VersionOf(TableEntity row) => row[nameof(UserRecord.Version)] is long version ? version : 1;

    public async Task<int> RemoveTombstonesAsync(DateTimeOffset erasedUntil, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var shard in table.Shards)
        {
            var filter = TablePresenceStore.Range(shard, TableKeys.TombstonePrefix).And($"ErasedAt le {erasedUntil}");
            var old = table.QueryAsync(filter, [.. RowRemoval.KeysOnly, UserEntities.BannedUntil, nameof(UserRecord.Revision)], cancellationToken)
                .Where(row => !(row.GetDateTimeOffset(UserEntities.BannedUntil) > erasedUntil) && !(row.GetInt64(nameof(UserRecord.Revision)) >= now.ToUnixTimeMilliseconds()));
            removed += await RowRemoval.RemoveAsync(table, filter.Partition, old, cancellationToken);
        }

        return removed;
    }

    private async Task<List<TableEntity>> RowsAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        var shard = TableKeys.Shard(user, table.ShardCount);
        var partition = TableKeys.Partition(shard);
        List<TableEntity> rows = [];
        foreach (var key in new[] { TableKeys.Online(user), TableKeys.Profile(user), TableKeys.Count(user) })
        {
            var exact = RowFilter.Of(partition, $"RowKey eq {key}");
            rows.AddRange(await table.QueryAsync(exact, select: null, cancellationToken).ToListAsync(cancellationToken));
        }

        // The lists of its connections are no records, and go first: who closes such a connection later finds none, which is no error.
        var watches = RowFilter.Prefixed(partition, TableKeys.OfWatches(user));
        rows.AddRange(await table.QueryAsync(watches, select: null, cancellationToken).ToListAsync(cancellationToken));
        return rows;
    }

    private static async Task<bool> DeleteAsync(TableClient client, TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
        }
        catch (RequestFailedException e) when (e.IsConflict())
        {
            // Changed since it was read: it is somebody's again, and goes with the records.
        }

        return true;
    }
}
