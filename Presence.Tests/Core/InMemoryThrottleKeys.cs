using Presence.Core.Ports;

namespace Presence.Tests.Core;

/// <summary>The keys of throttle tokens in memory; counts how often they are asked for.</summary>
internal sealed class InMemoryThrottleKeys : IThrottleKeyStore
{
    private readonly SortedDictionary<int, ThrottleKey> _keys = [];
    private readonly Lock _lock = new();
    private int _lists;

    public int Lists => _lists;

    /// <summary>Whether the storage is out of reach.</summary>
    public bool IsOutOfReach { get; set; }

    public Task<IReadOnlyList<ThrottleKey>> ListAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _lists);
        if (IsOutOfReach)
        {
            throw new StoreUnavailableException("The storage is out of reach.");
        }

        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<ThrottleKey>>([.. _keys.Values]);
        }
    }

    public Task AddAsync(ThrottleKey key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _keys.TryAdd(key.Number, key);
        }

        return Task.CompletedTask;
    }

    public Task RemoveAsync(int number, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _keys.Remove(number);
        }

        return Task.CompletedTask;
    }
}
