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
        return _all.Where(one => one.Shard == shard && one.Stored.Position > after && one.Stored.Position <= until)
            .Select(one => one.Stored).OrderBy(stored => stored.Position).ToList().ToAsyncEnumerable();
    }

    public Task<int> RemoveAsync(PresenceKey user, DateTimeOffset? last, DateTimeOffset until, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A test says what goes.");

    public Task<int> RemoveOldAsync(DateTimeOffset sentUntil, CancellationToken cancellationToken) =>
        Task.FromResult(_all.RemoveAll(one => one.Stored.Position <= EventPosition.EndOf(sentUntil)));
}
