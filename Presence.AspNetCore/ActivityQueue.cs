using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace Presence.AspNetCore;

/// <summary>What waits to be told. Bounded: of more the oldest is dropped, because it tells least.</summary>
internal sealed class ActivityQueue
{
    private readonly Channel<PendingActivity> _waiting;
    private volatile TaskCompletionSource _full = New();

    public ActivityQueue(IOptions<PresenceActivityOptions> options) => _waiting = Channel.CreateBounded<PendingActivity>(
        new BoundedChannelOptions(options.Value.QueueCapacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
        dropped => Dropped?.Invoke(dropped));

    /// <summary>Is told what was dropped.</summary>
    public Action<PendingActivity>? Dropped { get; set; }

    public int Count => _waiting.Reader.Count;

    /// <summary>Ends when a whole batch waits.</summary>
    public Task IsFullAsync() => Count >= PresenceActivityOptions.MostEntries ? Task.CompletedTask : _full.Task;

    public void Add(PendingActivity pending)
    {
        _waiting.Writer.TryWrite(pending);
        if (Count >= PresenceActivityOptions.MostEntries)
        {
            Interlocked.Exchange(ref _full!, New()).TrySetResult();
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
