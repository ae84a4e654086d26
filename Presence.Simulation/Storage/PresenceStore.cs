using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using Presence.Simulation.Operations;
using Presence.Simulation.Services;
using Presence.Simulation.Traces;
using Presence.Simulation.World;

namespace Presence.Simulation.Storage;

/// <summary>
/// The users in the simulated table, asked request by request as the real store asks, and with the real one's keys, rows and transactions.
/// </summary>
internal sealed class PresenceStore(Table table, Wire wire, int shards, Population population, Action<Commit> committed, Trace trace)
    : IPresenceStore, IDueStore
{
    /// <summary>Anything is, here: what is removed too soon must show.</summary>
    private const int WorthCleaning = 1;

    /// <summary>Nobody here stands still, or is kept waiting, for as long as in the world.</summary>
    private static readonly TimeSpan GoneFor = TimeSpan.FromSeconds(30);

    private ConversationRosters? _rosters;
    private TimeProvider? _clock;

    /// <summary>The longest that the real one takes for what somebody waits for.</summary>
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(4.5);

    /// <summary>And for queries; the sweep must not depend on it.</summary>
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);

    public int ShardCount => shards;

    public async ValueTask<StoredUser> LoadAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, TableKeys.Online(user), cancellationToken) is { } online)
        {
            return new(user, new(online.ToOnlineRecord(), null), online.ETag.ToString());
        }

        if (await FindAsync(user, TableKeys.Profile(user), cancellationToken) is { } profile)
        {
            return new(user, new(null, profile.ToProfileRecord()), profile.ETag.ToString());
        }

        return await FindAsync(user, TableKeys.Tombstone(user), cancellationToken) is { } tombstone
            ? new(user, new(null, tombstone.ToErasedProfile()), tombstone.ETag.ToString())
            : new(user, default, null);
    }

    public async ValueTask<StoredUser> LoadComingAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, TableKeys.Profile(user), cancellationToken) is { } profile)
        {
            return !profile.SaysNotHere() && await FindAsync(user, TableKeys.Online(user), cancellationToken) is { } online
                ? new(user, new(online.ToOnlineRecord(), null), online.ETag.ToString())
                : new(user, new(null, profile.ToProfileRecord()), profile.ETag.ToString());
        }

        return await FindAsync(user, TableKeys.Tombstone(user), cancellationToken) is { } tombstone
            ? new(user, new(null, tombstone.ToErasedProfile()), tombstone.ETag.ToString())
            : new(user, default, null);
    }

    public async ValueTask<bool> TryCommitAsync(PendingCommit commit, CancellationToken cancellationToken)
    {
        var (before, after, _) = commit;
        var user = before.User;
        var decidedAt = Operation.Current?.ReadAt(user) ?? wire.Now;
        if (before.Records is { Online: null, Profile: not null } && after.Online is null
            && await FindAsync(user, TableKeys.Online(user), cancellationToken) is not null)
        {
            return false;
        }

        List<TableTransactionAction> uncounting = [];
        if (UserCount.Includes(user, before.Records) && !UserCount.Includes(user, after))
        {
            var own = await FindAsync(user, TableKeys.Count(user), cancellationToken);
            uncounting.AddRange(UserCount.Remove(own, own is null ? await FindAsync(user, UserCount.TotalRow, cancellationToken) : null));
        }

        List<TableTransactionAction> actions = [.. UserTransaction.Build(commit, PartitionOf(user), _clock!.GetUtcNow()), .. uncounting];
        var (_, status) = await wire.CallAsync(
            $"commit {user}", Prompt, () => Submit(commit, decidedAt, actions), () => (0, 412), cancellationToken);
        return status == 204;
    }

    public async ValueTask<string?> TryRecordAsync(PresenceKey user, string tag, OnlineRecord record, CancellationToken cancellationToken)
    {
        var decidedAt = Operation.Current?.ReadAt(user) ?? wire.Now;
        return await wire.CallAsync($"record {user}", Prompt, () => Record(user, tag, record, decidedAt), () => null, cancellationToken);
    }

    public IAsyncEnumerable<(int Index, CommitResult Result)> CommitManyAsync(
        IReadOnlyList<PendingCommit> commits, CancellationToken cancellationToken)
    {
        var decidedAt = commits.ToDictionary(c => c.Before.User, c => Operation.Current?.ReadAt(c.Before.User) ?? wire.Now);
        var transactions = new UserTransactions(
            async actions =>
            {
                var (index, status) = await wire.CallAsync(
                    $"commit {commits.Count}", Prompt, () => Submit(commits, decidedAt, actions), () => (0, 412), CancellationToken.None);
                return status == 204 ? null : index;
            },
            user => LoadAsync(user, CancellationToken.None),
            _clock!);
        return transactions.CommitAsync(PartitionOf(commits[0].Before.User), commits, cancellationToken);
    }

    public async Task<IReadOnlyList<StoredDuty>> PutOffAsync(
        IReadOnlyList<StoredDuty> duties, DateTimeOffset until, CancellationToken cancellationToken)
    {
        List<StoredDuty> putOff = [];
        foreach (var shard in duties.GroupBy(duty => PartitionOf(duty.User)))
        {
            putOff.AddRange(await wire.CallAsync("put off", Prompt, () => PutOff(shard.Key, [.. shard], until), () => [], cancellationToken));
        }

        return putOff;
    }

    public async Task CrossOutAsync(IReadOnlyList<StoredDuty> done, CancellationToken cancellationToken)
    {
        foreach (var shard in done.GroupBy(duty => PartitionOf(duty.User)))
        {
            await wire.CallAsync("cross out", Prompt, () => Remove(shard.Key, [.. shard]), null, cancellationToken);
        }
    }

    public async IAsyncEnumerable<DueRow> DueAsync(
        int shard, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var partition = TableKeys.Partition(shard);
        var (due, foundAt) = await wire.CallAsync("due", Patient, () => (Due(partition, now), wire.Now), null, cancellationToken);
        foreach (var row in due)
        {
            if (row.RowKey.StartsWith(TableKeys.DutyPrefix, StringComparison.Ordinal))
            {
                yield return new(null, row.ToDuty());
            }
            else
            {
                var user = TableKeys.UserOf(row.RowKey, TableKeys.OnlinePrefix);
                Operation.Current?.Read(user, foundAt);
                yield return new(new(user, new(row.ToOnlineRecord(), null), row.ETag.ToString()), null);
            }
        }
    }

    /// <summary>User by user; the real store asks for many at once.</summary>
    public async Task<IReadOnlyDictionary<PresenceKey, StoredUser>> ReadManyAsync(
        IReadOnlyCollection<PresenceKey> users, Func<PresenceKey, UserRecords, bool> isSeen, CancellationToken cancellationToken)
    {
        var found = new Dictionary<PresenceKey, StoredUser>();
        foreach (var user in users)
        {
            found[user] = await LoadAsync(user, cancellationToken);
        }

        return found;
    }

    /// <summary>Begins to write, and to read rosters, by the clock of an instance.</summary>
    public PresenceStore With(RowReader rows, TimeProvider clock)
    {
        _clock = clock;
        _rosters = new(SubmitAsync, QueryAsync, rows, () => true, clock, WorthCleaning, GoneFor);
        return this;
    }

    public Task WriteRosterAsync(string conversationId, IReadOnlyCollection<RosterEntry> entries, CancellationToken cancellationToken) =>
        _rosters!.WriteAsync(conversationId, entries, cancellationToken);

    public async IAsyncEnumerable<RosterMember> RosterAsync(
        string conversationId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var user in await _rosters!.ReadAsync(conversationId, cancellationToken))
        {
            if (user.Member is var (member, row))
            {
                yield return new(row.ToView(member), row.Timestamp ?? default);
            }
        }
    }

    public async Task SetBlockerAsync(string conversationId, PresenceKey user, bool holds, CancellationToken cancellationToken)
    {
        var row = new TableEntity(TableKeys.Conversation(conversationId), TableKeys.Blocker(user));
        await SubmitAsync(
            [new(holds ? TableTransactionActionType.UpsertReplace : TableTransactionActionType.Delete, row, Azure.ETag.All)], cancellationToken);
    }

    public async Task<IReadOnlyList<PresenceKey>> BlockersAsync(string conversationId, CancellationToken cancellationToken)
    {
        var rows = await wire.CallAsync(
            "blockers", Prompt, () => table.Query(TableKeys.Conversation(conversationId), TableKeys.BlockerPrefix), null, cancellationToken);
        return [.. rows.Select(row => TableKeys.UserOf(row.RowKey, TableKeys.BlockerPrefix))];
    }

    public Task<int> CleanRostersAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException("No clean-up takes place here.");

    public IAsyncEnumerable<(PresenceKey User, PresenceStatus Status)> OnlineAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException("No census is taken here.");

    public IAsyncEnumerable<StoredUser> LongGoneAsync(DateTimeOffset until, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No clean-up takes place here.");

    public Task<int> AbandonDutiesAsync(DateTimeOffset dueUntil, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No clean-up takes place here.");

    /// <summary>What storage holds of a user at this moment.</summary>
    internal UserRecords Now(PresenceKey user)
    {
        var partition = PartitionOf(user);
        return table.Find(partition, TableKeys.Online(user)) is { } online ? new(online.ToOnlineRecord(), null)
            : table.Find(partition, TableKeys.Profile(user)) is { } profile ? new(null, profile.ToProfileRecord())
            : table.Find(partition, TableKeys.Tombstone(user)) is { } tombstone ? new(null, tombstone.ToErasedProfile())
            : default;
    }

    private Task<(int Action, bool IsMissing)?> SubmitAsync(IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        var partition = actions[0].Entity.PartitionKey;
        return wire.CallAsync(
            $"write {partition}",
            Prompt,
            () =>
            {
                trace.Say("storage", $"{partition}: {actions.Select(a => $"{a.ActionType} {a.Entity.RowKey}")} [{Operation.Current?.Name}]");
                return table.TrySubmit(partition, actions) is var (index, status) ? (index, status == 404) : ((int, bool)?)null;
            },
            null,
            cancellationToken);
    }

    private async IAsyncEnumerable<TableEntity> QueryAsync(string partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = await wire.CallAsync(
            $"read {partition}",
            Patient,
            () => table.Query(partition, TableKeys.RosterPrefix).Concat(table.Query(partition, TableKeys.GonePrefix)).ToList(),
            null,
            cancellationToken);
        foreach (var row in rows)
        {
            yield return row;
        }
    }

    private (int Index, int Status) Submit(PendingCommit pending, TimeSpan decidedAt, List<TableTransactionAction> actions)
    {
        var (before, after, owed) = pending;
        if (table.TrySubmit(PartitionOf(before.User), actions) is { } refused)
        {
            return refused;
        }

        var commit = new Commit(Operation.Current, population.Find(before.User), before.Records, after, owed, decidedAt, wire.Now);
        trace.Say("storage", $"{commit.ToString()} by {Operation.Current?.Name}");
        committed(commit);
        return (0, 204);
    }

    private string? Record(PresenceKey user, string tag, OnlineRecord record, TimeSpan decidedAt)
    {
        var (partition, key, before) = (PartitionOf(user), TableKeys.Online(user), Now(user));
        var row = record.ToRecordedEntity(partition, key);
        if (table.TrySubmit(partition, [new(TableTransactionActionType.UpdateMerge, row, new Azure.ETag(tag))]) is not null)
        {
            return null;
        }

        var commit = new Commit(Operation.Current, population.Find(user), before, Now(user), null, decidedAt, wire.Now);
        trace.Say("storage", $"{commit.ToString()} by {Operation.Current?.Name}");
        committed(commit);
        return table.Find(partition, key)!.ETag.ToString();
    }

    private List<StoredDuty> PutOff(string partition, List<StoredDuty> duties, DateTimeOffset until)
    {
        var found = duties.Where(d => table.Find(partition, TableKeys.Duty(d.User, d.Id)) is not null).ToList();
        var isOurs = found.Count == 0 || table.TrySubmit(partition, [.. found.Select(d => DutyRows.Later(partition, d, until))]) is null;
        trace.Say("storage", $"put off: {Text(found)}{(isOurs ? "" : ", refused")} [{Operation.Current?.Name}]");
        return isOurs ? found : [];
    }

    private static string Text(IEnumerable<StoredDuty> duties) =>
        string.Join(' ', duties.Select(d => $"{d.User}@{(d.DueAt - Time.VirtualTime.Start).TotalSeconds:F3}"));

    private (int Index, int Status) Submit(
        IReadOnlyList<PendingCommit> commits, Dictionary<PresenceKey, TimeSpan> decidedAt, IReadOnlyList<TableTransactionAction> actions)
    {
        if (table.TrySubmit(PartitionOf(commits[0].Before.User), actions) is { } refused)
        {
            return refused;
        }

        // Those whose first row is among what was sent.
        foreach (var (before, after, owed) in commits.Where(c => actions.Any(a => a.Entity.RowKey == TableKeys.Online(c.Before.User))))
        {
            var commit = new Commit(Operation.Current, population.Find(before.User), before.Records, after, owed, decidedAt[before.User], wire.Now);
            trace.Say("storage", $"{commit.ToString()} by {Operation.Current?.Name}");
            committed(commit);
        }

        return (0, 204);
    }

    private bool Remove(string partition, List<StoredDuty> duties)
    {
        trace.Say("storage", $"crossed out: {Text(duties)} [{Operation.Current?.Name}]");
        foreach (var duty in duties)
        {
            var row = new TableEntity(partition, TableKeys.Duty(duty.User, duty.Id));
            table.TrySubmit(partition, [new(TableTransactionActionType.Delete, row, Azure.ETag.All)]);
        }

        return true;
    }

    private List<TableEntity> Due(string partition, DateTimeOffset now)
    {
        List<TableEntity> due =
        [
            .. table.Query(partition, TableKeys.OnlinePrefix).Concat(table.Query(partition, TableKeys.DutyPrefix))
                .Where(row => row.GetDateTimeOffset(UserEntities.DueAt) <= now),
        ];
        if (due.Count > 0)
        {
            trace.Say("storage", $"due in {partition}: {due.Select(row => row.RowKey.Split(TableKeys.Separator)[0])} [{Operation.Current?.Name}]");
        }

        return due;
    }

    private Task<TableEntity?> FindAsync(PresenceKey user, string rowKey, CancellationToken cancellationToken)
    {
        var partition = PartitionOf(user);
        return wire.CallAsync(
            $"get {rowKey}",
            Prompt,
            () =>
            {
                Operation.Current?.Read(user, wire.Now);
                return table.Find(partition, rowKey);
            },
            null,
            cancellationToken);
    }

    private string PartitionOf(PresenceKey user) => TableKeys.Partition(TableKeys.Shard(user, shards));
}
