using System.Diagnostics;

namespace Presence.Core.Concurrency;

/// <summary>
/// Carries items in batches, one batch of a key at a time: the first goes at once, and what comes while it is on its way goes together
/// with the next. Nothing is remembered of a key that is at rest.
/// </summary>
/// <param name="carry">Carries a batch.</param>
/// <param name="pace">The shortest time from the start of one batch to the start of the next of the same key, asked for with each.</param>
/// <param name="time">The clock.</param>
internal sealed class Batcher<TKey, TItem>(Func<TKey, IReadOnlyList<TItem>, Task> carry, Func<TimeSpan> pace, TimeProvider time)
    where TKey : notnull
{
    /// <summary>One whose pace is always the same.</summary>
    public Batcher(Func<TKey, IReadOnlyList<TItem>, Task> carry, TimeSpan pace, TimeProvider time)
        : this(carry, () => pace, time)
    {
    }

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Batch> _waiting = [];

    /// <summary>How many keys are not at rest.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Ends when the batch that holds the item has arrived, or as that batch has failed.</summary>
    public Task AddAsync(TKey key, TItem item)
    {
        Batch batch;
        bool isFirst;
        lock (_lock)
        {
            isFirst = !_waiting.TryGetValue(key, out var waiting);
            batch = waiting ?? (_waiting[key] = new Batch());
            batch.Items.Add(item);
        }

        if (isFirst)
        {
            _ = RunAsync(key);
        }

        return batch.Arrived.Task;
    }

    private async Task RunAsync(TKey key)
    {
        while (TryTake(key) is { } batch)
        {
            var rest = Task.Delay(pace(), time);
            Activity.Current = batch.Cause;
            try
            {
                await carry(key, batch.Items);
                batch.Arrived.SetResult();
            }
            catch (Exception e)
            {
                batch.Arrived.SetException(e);
                _ = batch.Arrived.Task.Exception;
            }

            await rest;
        }
    }

    /// <summary>The batch to carry now; null, and the key is at rest, if nothing waits.</summary>
    private Batch? TryTake(TKey key)
    {
        lock (_lock)
        {
            var batch = _waiting[key];
            if (batch.Items.Count == 0)
            {
                _waiting.Remove(key);
                return null;
            }

            _waiting[key] = new Batch();
            return batch;
        }
    }

    private sealed class Batch
    {
        public List<TItem> Items { get; } = [];

        /// <summary>What its first item belongs to, for traces.</summary>
        public Activity? Cause { get; } = Activity.Current;

        public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
