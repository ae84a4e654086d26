using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;

namespace Presence.Tests.Core;

/// <summary>A presence store in memory, with the compare-and-swap of the real one; counts calls and lets a test step in between.</summary>
internal sealed class InMemoryPresenceStore(int shardCount = 4) : IPresenceStore, IDueStore, IErasureStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<PresenceKey, Rows> _users = [];
    private readonly Dictionary<(string Conversation, PresenceKey User), PresenceView> _rosters = [];
    private readonly HashSet<PresenceKey> _counted = [];
    private readonly Dictionary<(PresenceKey User, string Id), StoredDuty> _duties = [];
    private long _total;
    private long _tag;
    private int _loads;
    private int _commits;
    private int _scans;

    public int ShardCount => shardCount;

    public int Loads => _loads;

    /// <summary>Commits that were applied.</summary>
    public int Commits => _commits;

    public int Scans => _scans;

    /// <summary>Awaited before each load.</summary>
    public Func<PresenceKey, Task>? OnLoad { get; set; }

    /// <summary>Awaited before each commit.</summary>
    public Func<StoredUser, Task>? OnCommit { get; set; }

    /// <summary>Awaited after each commit, before its answer arrives.</summary>
    public Func<StoredUser, Task>? OnCommitted { get; set; }

    /// <summary>Awaited before duties are crossed out.</summary>
    public Func<IReadOnlyList<StoredDuty>, Task>? OnCrossOut { get; set; }

    /// <summary>Awaited at the start of each scan: of a shard by the sweep, of all (null) otherwise.</summary>
    public Func<int?, Task>? OnScan { get; set; }

    /// <summary>Told of each commit applied, in the order in which they are, one at a time.</summary>
    public Action<StoredUser, UserRecords>? Applied { get; set; }

    public async ValueTask<StoredUser> LoadAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _loads);
        await (OnLoad?.Invoke(user) ?? Task.CompletedTask);
        lock (_lock)
        {
            return Stored(user);
        }
    }

    public async Task<IReadOnlyDictionary<PresenceKey, PresenceView>> ReadManyAsync(
        IReadOnlyCollection<PresenceKey> users, CancellationToken cancellationToken)
    {
        var views = new Dictionary<PresenceKey, PresenceView>();
        foreach (var user in users)
        {
            views[user] = (await LoadAsync(user, cancellationToken)).Records.ViewOf(user);
        }

        return views;
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

    public async ValueTask<bool> TryCommitAsync(
        StoredUser before, UserRecords after, StoredDuty? owed, CancellationToken cancellationToken)
    {
        await (OnCommit?.Invoke(before) ?? Task.CompletedTask);
        lock (_lock)
        {
            if (Stored(before.User).Tag != before.Tag)
            {
                return false;
            }

            Apply(before, after);
            if (owed is not null)
            {
                _duties[(owed.User, owed.Id)] = owed;
            }

            _commits++;
            Applied?.Invoke(before, after);
        }

        await (OnCommitted?.Invoke(before) ?? Task.CompletedTask);
        return true;
    }

    public async Task CrossOutAsync(IReadOnlyList<StoredDuty> done, CancellationToken cancellationToken)
    {
        await (OnCrossOut?.Invoke(done) ?? Task.CompletedTask);
        lock (_lock)
        {
            foreach (var duty in done)
            {
                _duties.Remove((duty.User, duty.Id));
            }
        }
    }

    public IAsyncEnumerable<DueRow> DueAsync(int shard, DateTimeOffset now, CancellationToken cancellationToken) => ScanAsync(shard, () =>
        Users().Where(u => ShardOf(u.User) == shard && u.Records.Online?.DueAt <= now).Select(u => new DueRow(u, null))
            .Concat(_duties.Values.Where(d => ShardOf(d.User) == shard && d.DueAt <= now).Select(d => new DueRow(null, d))));

    public IAsyncEnumerable<(PresenceKey User, PresenceStatus Status)> OnlineAsync(CancellationToken cancellationToken) =>
        ScanAsync(null, () => Users().Where(u => u.Records.Online is not null).Select(u => (u.User, u.Records.Status)));

    public IAsyncEnumerable<StoredUser> LongGoneAsync(DateTimeOffset until, CancellationToken cancellationToken) =>
        ScanAsync(null, () => Users().Where(u => u.Records is { Online: null, Profile: { } profile } && profile.IsLongGone(u.User, until)));

    public IAsyncEnumerable<PresenceView> RosterAsync(string conversationId, CancellationToken cancellationToken) =>
        ScanAsync(null, () => _rosters.Where(r => r.Key.Conversation == conversationId).Select(r => r.Value));

    public Task<int> RemoveStraysAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var accounted = TableKeys.Accounted(Stored(user));
            var rosters = _rosters.Keys.Where(r => r.User == user).ToList();
            var rows = (_users.GetValueOrDefault(user) is { } own ? own.Online is null ? 1 : 2 : 0) + rosters.Count + (_counted.Contains(user) ? 1 : 0);
            foreach (var stray in rosters.Where(r => !accounted.Contains(TableKeys.Roster(r.Conversation, user))))
            {
                _rosters.Remove(stray);
            }

            if (!accounted.Contains(TableKeys.Count(user)))
            {
                _counted.Remove(user);
            }

            return Task.FromResult(rows);
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
            _rosters[(conversation, user)] = default(UserRecords).ViewOf(user);
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

    private async IAsyncEnumerable<T> ScanAsync<T>(int? shard, Func<IEnumerable<T>> rows)
    {
        Interlocked.Increment(ref _scans);
        await (OnScan?.Invoke(shard) ?? Task.CompletedTask);
        List<T> found;
        lock (_lock)
        {
            found = [.. rows()];
        }

        foreach (var row in found)
        {
            yield return row;
        }
    }

    private IEnumerable<StoredUser> Users() => _users.Keys.Select(Stored);

    private int ShardOf(PresenceKey user) => TableKeys.Shard(user, shardCount);

    private StoredUser Stored(PresenceKey user) => _users.GetValueOrDefault(user) switch
    {
        { Online: { } online } rows => new(user, new(online, null), rows.Tag),
        { Profile: { } profile } rows => new(user, new(null, profile), rows.Tag),
        _ => new(user, default, null),
    };

    private void Apply(StoredUser before, UserRecords after)
    {
        var user = before.User;
        if (after is { Online: null, Profile: null })
        {
            _users.Remove(user);
        }
        else
        {
            var profile = after.Profile ?? _users.GetValueOrDefault(user)?.Profile ?? new ProfileRecord();
            _users[user] = new(after.Online, profile, $"{++_tag}");
        }

        switch (UserCount.Includes(user, before.Records), UserCount.Includes(user, after))
        {
            case (false, true):
                _counted.Add(user);
                break;
            case (true, false) when !_counted.Remove(user):
                _total--;
                break;
        }

        foreach (var conversation in before.Records.Rosters.Except(after.Rosters))
        {
            _rosters.Remove((conversation, user));
        }

        // As announced: a record that only says again what is known leaves the roster as it is.
        var isNews = after.ViewOf(user).Version != before.Records.ViewOf(user).Version;
        foreach (var conversation in after.Rosters.Where(c => isNews || !before.Records.Rosters.Contains(c)))
        {
            _rosters[(conversation, user)] = after.ViewOf(user);
        }
    }

    private sealed record Rows(OnlineRecord? Online, ProfileRecord Profile, string Tag);
}
