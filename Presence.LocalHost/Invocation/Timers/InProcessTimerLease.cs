using System.Collections.Concurrent;

namespace Presence.LocalHost.Invocation.Timers;

/// <summary>Leases among those who share this object.</summary>
internal sealed class InProcessTimerLease : ITimerLease
{
    private readonly ConcurrentDictionary<string, Held> _held = new(StringComparer.OrdinalIgnoreCase);

    public ValueTask<IAsyncDisposable?> TryAcquireAsync(string functionName, CancellationToken cancellationToken)
    {
        var lease = new Held(this, functionName);
        return ValueTask.FromResult<IAsyncDisposable?>(_held.TryAdd(functionName, lease) ? lease : null);
    }

    private sealed class Held(InProcessTimerLease leases, string functionName) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            // Only while it is still this lease: disposing twice must not end the lease of the next holder.
            leases._held.TryRemove(KeyValuePair.Create(functionName, this));
            return ValueTask.CompletedTask;
        }
    }
}
