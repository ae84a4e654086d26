using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Tests.Core;

/// <summary>
/// A presence store in memory, with the compare-and-swap of the real one, made without any of its code; counts calls and lets a test step
/// in between.
/// </summary>
internal sealed class InMemoryPresenceStore(int shardCount = 4) : IPresenceStore, IDueStore, IErasureStore, IWatchStore, IEventStore
{
    private readonly HashSet<(string Conversation, PresenceKey User)> _blockers = [];
    private readonly Lock _lock = new();
    private readonly Dictionary<PresenceKey, Row<OnlineRecord>> _online = [];
    private readonly Dictionary<PresenceKey, Row<ProfileRecord>> _profiles = [];

    // Apart from the profiles, as in the table.
    private readonly Dictionary<PresenceKey, Row<ProfileRecord>> _tombstones = [];

    // All that was ever told of a user; the largest revision counts.
    private readonly Dictionary<(string Conversation, PresenceKey User), SortedDictionary<long, (PresenceView? View, DateTimeOffset WrittenAt)>> _rosters = [];
    private readonly HashSet<PresenceKey> _counted = [];
    private readonly Dictionary<(PresenceKey User, string Id), StoredDuty> _duties = [];
    private readonly Dictionary<(PresenceKey User, string Id), DateTimeOffset> _firstDue = [];
    private readonly Dictionary<(PresenceKey User, string Connection), StoredWatches> _watches = [];
    private readonly SortedDictionary<EventPosition, UserEvent> _events = [];
    private DateTimeOffset _completeSince;
    private long _total;
    private long _tag;
    private int _loads;
    private int _commits;
    private int _crossOuts;
    private int _putOffs;
    private int _scans;
    private int _rosterWrites;
    private int _rosterRows;
    private int _attempts;
    private int _readsOfMany;
    private int _loadsOfMany;

    public int ShardCount => shardCount;

    public IReadOnlyList<IReadOnlyList<int>> Parts { get; init; } = [[.. Enumerable.Range(0, shardCount)]];

    /// <summary>The keys of throttle tokens, shared like the users.</summary>
    public InMemoryThrottleKeys ThrottleKeys { get; } = new();

    /// <summary>The sessions that commits have ended.</summary>
    public InMemoryHistoryStore History => field ??= new(() => Users(_online));

    public int Loads => _loads;

    /// <summary>Commits that were applied.</summary>
    public int Commits => _commits;

    /// <summary>Commits that were asked for, refused ones too.</summary>
    public int Attempts => _attempts;

    /// <summary>
    /// Requests for users alone: loads, with those of many users together as the table makes them (a query for those of a shard who are here,
    /// from three on), and commits, refused ones too.
    /// </summary>
    public int Requests => _loads - _loadsOfMany + _readsOfMany + _attempts;

    /// <summary>How often duties were crossed out, however many at once.</summary>
    public int CrossOuts => _crossOuts;

    /// <summary>How often duties were put off, however many at once.</summary>
    public int PutOffs => _putOffs;

    public int Scans => _scans;

    /// <summary>How often rosters were written, however many entries at once.</summary>
    public int RosterWrites => _rosterWrites;

    /// <summary>Awaited before each load.</summary>
    public Func<PresenceKey, Task>? OnLoad { get; set; }

    /// <summary>Awaited before each commit.</summary>
    public Func<StoredUser, Task>? OnCommit { get; set; }

    /// <summary>Awaited after each commit, before its answer arrives.</summary>
    public Func<StoredUser, Task>? OnCommitted { get; set; }

    /// <summary>Awaited before duties are crossed out.</summary>
    public Func<IReadOnlyList<StoredDuty>, Task>? OnCrossOut { get; set; }

    /// <summary>When a row of a roster is written, as the storage says; by default a second after the last.</summary>
    public Func<DateTimeOffset>? RosterClock { get; set; }

    /// <summary>By which events are sent; by default each at the time of its change.</summary>
    public TimeProvider? Clock { get; set; }

    /// <summary>Awaited before duties are put off.</summary>
    public Func<IReadOnlyList<StoredDuty>, Task>? OnPutOff { get; set; }

    /// <summary>Awaited before a roster is written.</summary>
    public Func<string, IReadOnlyCollection<RosterEntry>, Task>? OnWriteRoster { get; set; }

    /// <summary>Awaited at the start of each scan: of a shard by the sweep, of all (null) otherwise.</summary>
    public Func<int?, Task>? OnScan { get; set; }

    /// <summary>Told of each commit applied, in the order in which they are, one at a time.</summary>
    public Action<StoredUser, UserRecords>? Applied { get; set; }

    public async Task<IReadOnlyDictionary<PresenceKey, StoredUser>> ReadManyAsync(
        IReadOnlyCollection<PresenceKey> users, Func<PresenceKey, UserRecords, bool> isSeen, CancellationToken cancellationToken)
    {
        var found = new Dictionary<PresenceKey, StoredUser>();
        Interlocked.Add(ref _readsOfMany, users.GroupBy(ShardOf).Sum(shard => shard.Count() < 3 ? shard.Count() : 1));
        Interlocked.Add(ref _loadsOfMany, users.Count);
        foreach (var user in users)
        {
            found[user] = await LoadAsync(user, cancellationToken);
        }

        return found;
    }

    /// <summary>What is owed and not crossed out.</summary>
    public IReadOnlyList<StoredDuty> Duties
    {
        get
        {
            lock (_lock)
            {
                return [.. _duties.Values];
            }
        }
    }

    /// <summary>Of how many erased users there is a tombstone.</summary>
    public int Tombstones
    {
        get
        {
            lock (_lock)
            {
                return _tombstones.Count;
            }
        }
    }

    public int ShardOf(PresenceKey user) => user.ToString().Sum(c => c) % shardCount;

    public async ValueTask<StoredUser> LoadAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _loads);
        await (OnLoad?.Invoke(user) ?? Task.CompletedTask).WaitAsync(cancellationToken);
        lock (_lock)
        {
            return Stored(user);
        }
    }

    public ValueTask<StoredUser> LoadComingAsync(PresenceKey user, CancellationToken cancellationToken) => LoadAsync(user, cancellationToken);

    public async ValueTask<bool> TryCommitAsync(PendingCommit commit, CancellationToken cancellationToken)
    {
        var (before, after, owed) = commit;
        Interlocked.Increment(ref _attempts);
        await (OnCommit?.Invoke(before) ?? Task.CompletedTask).WaitAsync(cancellationToken);
        lock (_lock)
        {
            if (Stored(before.User).Tag != before.Tag)
            {
                return false;
            }

            after = Tell(commit);
            Apply(before.User, before.Records, after);
            FollowWatching(before.User, before.Records.Connections, after.Connections, owed?.Duty);
            if (owed is not null)
            {
                _duties[(owed.User, owed.Id)] = owed;
                _firstDue[(owed.User, owed.Id)] = owed.DueAt;
            }

            if (commit.Finished is { } session)
            {
                History.Keep(before.User, session);
            }

            _commits++;
            Applied?.Invoke(before, after);
        }

        await (OnCommitted?.Invoke(before) ?? Task.CompletedTask).WaitAsync(cancellationToken);
        return true;
    }

    public async ValueTask<string?> TryRecordAsync(PresenceKey user, string tag, OnlineRecord record, CancellationToken cancellationToken)
    {
        StoredUser before;
        lock (_lock)
        {
            before = Stored(user);
        }

        Interlocked.Increment(ref _attempts);
        await (OnCommit?.Invoke(before) ?? Task.CompletedTask).WaitAsync(cancellationToken);
        string? now;
        lock (_lock)
        {
            before = Stored(user);
            if (before.Tag != tag)
            {
                return null;
            }

            var after = before.Records with
            {
                Online = before.Records.Online! with
                {
                    LastActiveAt = record.LastActiveAt, RecordedAt = record.RecordedAt, DueAt = record.DueAt, WriteId = record.WriteId,
                },
            };
            Apply(user, before.Records, after);
            _commits++;
            Applied?.Invoke(before, after);
            now = Stored(user).Tag;
        }

        await (OnCommitted?.Invoke(before) ?? Task.CompletedTask).WaitAsync(cancellationToken);
        return now;
    }

    public async IAsyncEnumerable<(int Index, CommitResult Result)> CommitManyAsync(
        IReadOnlyList<PendingCommit> commits, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 0; i < commits.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return (i, await TryAsync(commits[i]));
        }

        async Task<CommitResult> TryAsync(PendingCommit commit)
        {
            try
            {
                return await TryCommitAsync(commit, CancellationToken.None) ? CommitResult.Made : CommitResult.Refused;
            }
            catch (StoreUnavailableException)
            {
                return CommitResult.Unknown;
            }
            catch (InvalidDataException)
            {
                return CommitResult.Refused;
            }
        }
    }

    public async Task<IReadOnlyList<StoredDuty>> PutOffAsync(
        IReadOnlyList<StoredDuty> duties, DateTimeOffset until, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _putOffs);
        await (OnPutOff?.Invoke(duties) ?? Task.CompletedTask).WaitAsync(cancellationToken);
        lock (_lock)
        {
            List<StoredDuty> found = [.. duties.Where(d => _duties.ContainsKey((d.User, d.Id)))];
            if (found.Any(d => _duties[(d.User, d.Id)].DueAt != d.DueAt))
            {
                return [];
            }

            found.ForEach(d => _duties[(d.User, d.Id)] = d with { DueAt = until });
            return found;
        }
    }

    public async Task CrossOutAsync(IReadOnlyList<StoredDuty> done, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _crossOuts);
        await (OnCrossOut?.Invoke(done) ?? Task.CompletedTask).WaitAsync(cancellationToken);
        lock (_lock)
        {
            foreach (var duty in done)
            {
                _duties.Remove((duty.User, duty.Id));
            }
        }
    }

    public async Task<int> AbandonDutiesAsync(DateTimeOffset dueUntil, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_lock)
        {
            var old = _duties.Keys.Where(d => _firstDue[d] <= dueUntil).ToList();
            return old.Count(_duties.Remove);
        }
    }

    public IAsyncEnumerable<DueRow> DueAsync(int shard, DateTimeOffset now, CancellationToken cancellationToken) => ScanAsync(
        shard,
        () => Users(_online).Where(u => ShardOf(u.User) == shard && u.Records.Online?.DueAt <= now).Select(u => new DueRow(u, null))
            .Concat(_duties.Values.Where(d => ShardOf(d.User) == shard && d.DueAt <= now).Select(d => new DueRow(null, d))),
        cancellationToken);

    public IAsyncEnumerable<(PresenceKey User, PresenceStatus Status)> OnlineAsync(CancellationToken cancellationToken) =>
        ScanAsync(null, () => Users(_online).Where(u => u.Records.Status != PresenceStatus.Offline).Select(u => (u.User, u.Records.Status)), cancellationToken);

    public IAsyncEnumerable<StoredUser> LongGoneAsync(DateTimeOffset until, CancellationToken cancellationToken) =>
        ScanAsync(null, () => Users(_profiles).Where(u => u.Records is { Online: null, Profile: { } profile } && profile.IsLongGone(u.User, until)), cancellationToken);

    public IAsyncEnumerable<RosterMember> RosterAsync(string conversationId, CancellationToken cancellationToken) =>
        ScanAsync(
            null,
            () => _rosters.Where(r => r.Key.Conversation == conversationId).Select(r => r.Value.Last().Value)
                .Where(told => told.View is not null).Select(told => new RosterMember(told.View!, told.WrittenAt)),
            cancellationToken);

    public Task SetBlockerAsync(string conversationId, PresenceKey user, bool holds, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _ = holds ? _blockers.Add((conversationId, user)) : _blockers.Remove((conversationId, user));
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<PresenceKey>> BlockersAsync(string conversationId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<PresenceKey>>([.. _blockers.Where(b => b.Conversation == conversationId).Select(b => b.User)]);
        }
    }

    public async Task WriteRosterAsync(string conversationId, IReadOnlyCollection<RosterEntry> entries, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _rosterWrites);
        await (OnWriteRoster?.Invoke(conversationId, entries) ?? Task.CompletedTask).WaitAsync(cancellationToken);
        lock (_lock)
        {
            foreach (var entry in entries)
            {
                Tell(conversationId, entry.User, entry.Revision, entry.View);
            }
        }
    }

    public Task<int> CleanRostersAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_rosters.Where(r => r.Value.Last().Value.View is null).ToList().Count(r => _rosters.Remove(r.Key)));
        }
    }

    public Task<int> RemoveStraysAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var records = Stored(user).Records;
            var rosters = _rosters.Where(r => r.Key.User == user && r.Value.Last().Value.View is not null).Select(r => r.Key).ToList();
            var isCounted = _counted.Contains(user);
            var rows = rosters.Count
                + (_online.ContainsKey(user) ? 1 : 0) + (_profiles.ContainsKey(user) ? 1 : 0) + (isCounted ? 1 : 0);
            foreach (var stray in rosters.Where(r => !records.Rosters.Contains(r.Conversation)))
            {
                _rosters.Remove(stray);
            }

            if (!IsCounted(user, records))
            {
                _counted.Remove(user);
            }

            return Task.FromResult(rows);
        }
    }

    public Task<int> RemoveTombstonesAsync(DateTimeOffset erasedUntil, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var old = _tombstones.Where(t => t.Value.Record.ErasedAt <= erasedUntil && !(t.Value.Record.BannedUntil > erasedUntil)
                && t.Value.Record.Revision < now.ToUnixTimeMilliseconds()).Select(t => t.Key).ToList();
            return Task.FromResult(old.Count(_tombstones.Remove));
        }
    }

    public ValueTask<StoredWatches?> FindAsync(PresenceKey user, string connectionId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(_watches.GetValueOrDefault((user, connectionId)));
        }
    }

    public ValueTask<bool> TryReplaceAsync(
        PresenceKey user, string connectionId, StoredWatches before, ImmutableArray<PresenceKey> users, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_watches.GetValueOrDefault((user, connectionId))?.Tag != before.Tag)
            {
                return new(false);
            }

            _watches[(user, connectionId)] = new(users, $"{++_tag}");
            return new(true);
        }
    }

    /// <summary>Nothing is old here: who closes a connection removes its list.</summary>
    public Task<int> ForgetErasedAsync(CancellationToken cancellationToken) => Task.FromResult(0);

    public Task<int> RemoveOldAsync(DateTimeOffset writtenUntil, CancellationToken cancellationToken) => Task.FromResult(0);

    public IAsyncEnumerable<StoredEvent> ReadAsync(
        int shard, EventPosition after, EventPosition until, int atOnce, CancellationToken cancellationToken) => ScanAsync(
        shard,
        () => _events.Where(e => ShardOf(e.Value.User) == shard && e.Key > after && e.Key <= until).Select(e => new StoredEvent(e.Key, e.Value)),
        cancellationToken);

    public ValueTask<DateTimeOffset> CompleteSinceAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(_completeSince);
        }
    }

    public Task RaiseCompleteSinceAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _completeSince = moment > _completeSince ? moment : _completeSince;
        }

        return Task.CompletedTask;
    }

    public Task<int> RemoveAsync(PresenceKey user, DateTimeOffset? last, DateTimeOffset erasedAt, bool isSought, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var ofUser = _events.Where(e => e.Value.User == user).ToList();
            var end = ofUser.FindLast(e => e.Value.Kind == UserEventKind.Erased && e.Key <= EventPosition.EndOf(last ?? erasedAt)) is { Value: not null } erased
                ? erased.Key
                : EventPosition.EndOf(erasedAt);
            var gone = ofUser.Where(e => e.Value.Kind != UserEventKind.Erased && e.Key <= end).Select(e => e.Key).ToList();
            return Task.FromResult(last is null && !isSought ? 0 : gone.Count(_events.Remove));
        }
    }

    public Task<int> RemoveOldAsync(int shard, DateTimeOffset sentUntil, int most, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_events.Where(e => ShardOf(e.Value.User) == shard && e.Key <= EventPosition.EndOf(sentUntil)).Take(most)
                .Select(e => e.Key).ToList().Count(_events.Remove));
        }
    }

    /// <summary>How many registered users were ever online.</summary>
    public long CountUsers()
    {
        lock (_lock)
        {
            return _total + _counted.Count;
        }
    }

    /// <summary>Adds the users counted one by one to a total.</summary>
    public void AddUpUsers()
    {
        lock (_lock)
        {
            _total += _counted.Count;
            _counted.Clear();
        }
    }

    /// <summary>A row that nothing of the user accounts for.</summary>
    public void Plant(string conversation, PresenceKey user)
    {
        lock (_lock)
        {
            Tell(conversation, user, 0, default(UserRecords).ViewOf(user));
        }
    }

    /// <summary>A count that nothing of the user accounts for.</summary>
    public void PlantCount(PresenceKey user)
    {
        lock (_lock)
        {
            _counted.Add(user);
        }
    }

    /// <summary>Those who have been here, once: a registered user of whom there was news.</summary>
    private static bool IsCounted(PresenceKey user, UserRecords records) => !user.IsAnonymous && records.Version > 0;

    private async IAsyncEnumerable<T> ScanAsync<T>(
        int? shard, Func<IEnumerable<T>> rows, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _scans);
        await (OnScan?.Invoke(shard) ?? Task.CompletedTask).WaitAsync(cancellationToken);
        ImmutableArray<T> found;
        lock (_lock)
        {
            found = [.. rows()];
        }

        foreach (var row in found)
        {
            yield return row;
        }
    }

    private IEnumerable<StoredUser> Users<T>(Dictionary<PresenceKey, Row<T>> rows) => rows.Keys.Select(Stored);

    private StoredUser Stored(PresenceKey user) =>
        _online.TryGetValue(user, out var online) ? new(user, new(online.Record, null), online.Tag)
        : _profiles.TryGetValue(user, out var profile) || _tombstones.TryGetValue(user, out profile) ? new(user, new(null, profile.Record), profile.Tag)
        : new(user, default, null);

    private void Apply(PresenceKey user, UserRecords before, UserRecords after)
    {
        _ = after.Online is { } online ? Put(_online, user, online) : _online.Remove(user);
        if (after.Online is null || after.Profile is not null || !_profiles.ContainsKey(user))
        {
            var profile = after.Online is not null ? after.Profile ?? new ProfileRecord() : after.Profile;
            _ = profile is { ErasedAt: null } ? Put(_profiles, user, profile) : _profiles.Remove(user);
            _ = profile is { ErasedAt: not null } ? Put(_tombstones, user, profile) : _tombstones.Remove(user);
        }

        switch (IsCounted(user, before), IsCounted(user, after))
        {
            case (false, true):
                _counted.Add(user);
                break;
            case (true, false) when !_counted.Remove(user):
                _total--;
                break;
        }
    }

    /// <summary>Keeps the event of a change, behind the last one of its user. The records as they are to be, with when that was.</summary>
    private UserRecords Tell(PendingCommit commit)
    {
        var sentAt = commit.Before.Records.EventAt;
        if (commit.Event is { } told)
        {
            var now = Clock?.GetUtcNow() ?? told.At;
            sentAt = sentAt >= now ? sentAt.Value.AddTicks(1) : now;
            _events[new(sentAt.Value.UtcTicks, (uint)told.User.GetHashCode())] = told;
        }

        return commit.After.Online is { } online ? commit.After with { Online = online with { EventAt = sentAt } }
            : commit.After.Profile is { } profile ? commit.After with { Profile = profile with { EventAt = sentAt } }
            : commit.After;
    }

    private void FollowWatching(PresenceKey user, ConnectionSet before, ConnectionSet after, Duty? owed)
    {
        var (was, now) = (before.Open.Where(c => c.IsWatching).Select(c => c.Id), after.Open.Where(c => c.IsWatching).Select(c => c.Id));
        foreach (var ended in was.Except(now))
        {
            _watches.Remove((user, ended));
        }

        foreach (var begun in now.Except(was))
        {
            var users = owed is { IsWelcome: true } && owed.Connections.Contains(begun) ? owed.Watched : _watches.GetValueOrDefault((user, begun))?.Users ?? [];
            _watches[(user, begun)] = new(users, $"{++_tag}");
        }
    }

    private void Tell(string conversation, PresenceKey user, long revision, PresenceView? view) =>
        (_rosters.TryGetValue((conversation, user), out var told) ? told : _rosters[(conversation, user)] = [])[revision] = (view, RosterClock?.Invoke() ?? DateTimeOffset.UnixEpoch.AddSeconds(++_rosterRows));

    private bool Put<T>(Dictionary<PresenceKey, Row<T>> rows, PresenceKey user, T record)
    {
        rows[user] = new(record, $"{++_tag}");
        return true;
    }

    private sealed record Row<T>(T Record, string Tag);
}
