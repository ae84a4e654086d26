using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace Presence.AspNetCore;

/// <summary>What waits to be told. Bounded: of more the oldest is dropped, because it tells least.</summary>
internal sealed class ActivityQueue
{
    private readonly Channel<PendingActivity> _waiting;
    private readonly int _capacity;
    private volatile TaskCompletionSource _full = New();

    public ActivityQueue(IOptions<PresenceActivityOptions> options)
    {
        _capacity = options.Value.QueueCapacity;
        _waiting = Channel.CreateBounded<PendingActivity>(
            new BoundedChannelOptions(_capacity) { FullMode = BoundedChannelFullMode.DropOldest },
            dropped => Dropped?.Invoke(dropped));
    }

    /// <summary>Is told what was dropped.</summary>
    public Action<PendingActivity>? Dropped { get; set; }

    public int Count => _waiting.Reader.Count;

    /// <summary>Ends when a whole batch waits.</summary>
    public Task IsFullAsync()
    {
        // Taken before counting: what is added in between ends it.
        var full = _full.Task;
        return Count >= PresenceActivityOptions.MostEntries ? Task.CompletedTask : full;
    }

    public void Add(PendingActivity pending)
    {
        _waiting.Writer.TryWrite(pending);
        if (Count >= PresenceActivityOptions.MostEntries)
        {
            Interlocked.Exchange(ref _full!, New()).TrySetResult();
        }
    }

    /// <summary>What was taken waits again. It is older than what came meanwhile, so that where there is no room it is what is dropped.</summary>
    public void AddBack(PendingActivity pending)
    {
        if (Count < _capacity)
        {
            Add(pending);
        }
        else
        {
            Dropped?.Invoke(pending);
        }
    }

    /// <summary>The next batch; empty if nothing waits.</summary>
    public List<PendingActivity> Take()
    {
        var batch = new List<PendingActivity>();
        while (batch.Count < PresenceActivityOptions.MostEntries && _waiting.Reader.TryRead(out var next))
        {
            batch.Add(next);
        }

        return batch;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
