using System.Runtime.CompilerServices;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Tests.Core.Webhooks;

/// <summary>Events that a test has made up, in two shards; counts the requests for them.</summary>
internal sealed class FakeEvents : IEventStore
{
    private readonly List<StoredEvent>[] _shards = [[], []];
    private readonly Lock _lock = new();

    public int ShardCount => _shards.Length;

    /// <summary>How many requests there were.</summary>
    public int Requests { get; set; }

    /// <summary>What fails instead of being read.</summary>
    public Exception? Failure { get; set; }

    public void Add(DateTimeOffset sentAt, UserEvent told)
    {
        lock (_lock)
        {
            _shards[told.User.Id.Length % _shards.Length].Add(new(new(sentAt.UtcTicks, (uint)told.Version), told));
        }
    }

    public async IAsyncEnumerable<StoredEvent> ReadAsync(
        int shard, EventPosition after, EventPosition until, int atOnce, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoredEvent[] found;
        lock (_lock)
        {
            Requests++;
            if (Failure is { } failure)
            {
                throw failure;
            }

            found = [.. _shards[shard].Where(one => one.Position > after && one.Position <= until).OrderBy(one => one.Position)];
        }

        await Task.CompletedTask;
        foreach (var (i, one) in found.Index())
        {
            Requests += i > 0 && i % atOnce == 0 ? 1 : 0;
            yield return one;
        }
    }

    /// <summary>From when on all are there.</summary>
    public DateTimeOffset CompleteSince { get; set; }

    public ValueTask<DateTimeOffset> CompleteSinceAsync(CancellationToken cancellationToken) => new(CompleteSince);

    public Task RaiseCompleteSinceAsync(DateTimeOffset moment, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> RemoveAsync(PresenceKey user, DateTimeOffset? last, DateTimeOffset erasedAt, bool isSought, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<int> RemoveOldAsync(int shard, DateTimeOffset sentUntil, int most, CancellationToken cancellationToken) => throw new NotSupportedException();
}
