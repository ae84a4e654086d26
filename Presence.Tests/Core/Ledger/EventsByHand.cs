using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Tests.Core.Ledger;

/// <summary>Events that a test has arrive when, and where, it wants.</summary>
internal sealed class EventsByHand(int shardCount = 2) : IEventStore
{
    private readonly List<(int Shard, StoredEvent Stored)> _all = [];

    public int ShardCount => shardCount;

    /// <summary>How often a shard was read.</summary>
    public int Reads { get; private set; }

    /// <summary>How often it was asked from when on all events are there.</summary>
    public int Looks { get; private set; }

    /// <summary>How often it was said.</summary>
    public int Raises { get; private set; }

    public DateTimeOffset CompleteSince { get; private set; }

    /// <summary>Told of each read of a shard.</summary>
    public Action? OnRead { get; set; }

    /// <summary>Awaited before old events of a shard are removed.</summary>
    public Func<int, Task>? OnRemove { get; set; }

    public IReadOnlyList<UserEvent> All => [.. _all.Select(one => one.Stored.Event)];

    public IReadOnlyList<UserEvent> InOrder => [.. _all.OrderBy(one => one.Stored.Position).Select(one => one.Stored.Event)];

    /// <summary>An event of this version arrives, which was sent at the moment given.</summary>
    public void Arrives(PresenceKey user, long version, DateTimeOffset sentAt, int shard = 0) => _all.Add(
        (shard, new(new(sentAt.UtcTicks, (uint)_all.Count), new(UserEventKind.Erased, user, version, sentAt))));

    /// <summary>An event is gone.</summary>
    public void Goes(PresenceKey user, long version) => _all.RemoveAll(one => one.Stored.Event.User == user && one.Stored.Event.Version == version);

    public IAsyncEnumerable<StoredEvent> ReadAsync(
        int shard, EventPosition after, EventPosition until, int atOnce, CancellationToken cancellationToken)
    {
        Reads++;
        OnRead?.Invoke();
        return _all.Where(one => one.Shard == shard && one.Stored.Position > after && one.Stored.Position <= until)
            .Select(one => one.Stored).OrderBy(stored => stored.Position).ToList().ToAsyncEnumerable();
    }

    public ValueTask<DateTimeOffset> CompleteSinceAsync(CancellationToken cancellationToken)
    {
        Looks++;
        return new(CompleteSince);
    }

    public Task RaiseCompleteSinceAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        Raises++;
        CompleteSince = moment > CompleteSince ? moment : CompleteSince;
        return Task.CompletedTask;
    }

    public Task<int> RemoveAsync(PresenceKey user, DateTimeOffset? last, DateTimeOffset erasedAt, bool isSought, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A test says what goes.");

    public async Task<int> RemoveOldAsync(int shard, DateTimeOffset sentUntil, int most, CancellationToken cancellationToken)
    {
        await (OnRemove?.Invoke(shard) ?? Task.CompletedTask);
        lock (_all)
        {
            var old = _all.Where(one => one.Shard == shard && one.Stored.Position <= EventPosition.EndOf(sentUntil)).OrderBy(one => one.Stored.Position).Take(most).ToHashSet();
            return _all.RemoveAll(old.Contains);
        }
    }
}
