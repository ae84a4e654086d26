using System.Collections.Concurrent;

namespace Presence.LocalHost.SignalR;

/// <summary>The queues of all connections. At the end, what is still under way gets a moment to arrive.</summary>
internal sealed class UpstreamQueues(FaultyUpstream upstream, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<UpstreamQueue, Task> _running = new();
    private readonly CancellationTokenSource _stopping = new();

    public UpstreamQueue Open()
    {
        var queue = new UpstreamQueue(upstream);
        _running[queue] = RunAsync(queue);
        return queue;
    }

    public async ValueTask DisposeAsync()
    {
        var all = Task.WhenAll(_running.Values);
        foreach (var queue in _running.Keys)
        {
            queue.Close();
        }

        await Task.WhenAny(all, Task.Delay(LastMoment, time));
        await _stopping.CancelAsync();
        await all;
        _stopping.Dispose();
    }

    private async Task RunAsync(UpstreamQueue queue)
    {
        // So that the queue is on the list before it can leave it.
        await Task.Yield();
        try
        {
            await queue.RunAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The emulator stops; what is left is dropped as the service would at its end.
        }
        finally
        {
            _running.TryRemove(queue, out _);
        }
    }
}
