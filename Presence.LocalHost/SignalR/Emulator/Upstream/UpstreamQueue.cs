using System.Threading.Channels;

namespace Presence.LocalHost.SignalR;

/// <summary>The events of one connection, delivered one after the other in their order, beside whatever the client does.</summary>
internal sealed class UpstreamQueue(FaultyUpstream upstream)
{
    private readonly Channel<UpstreamEvent> _events =
        Channel.CreateUnbounded<UpstreamEvent>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Raised with the invocation id for every call whose client waits for an answer.</summary>
    public event Action<string, UpstreamReply>? Answered;

    public void Enqueue(UpstreamEvent upstreamEvent) => _events.Writer.TryWrite(upstreamEvent);

    /// <summary>No more events come; those waiting are still delivered.</summary>
    public void Close() => _events.Writer.TryComplete();

    public async Task RunAsync(CancellationToken stopping)
    {
        var overtaken = new List<Task>();
        await foreach (var upstreamEvent in _events.Reader.ReadAllAsync(stopping))
        {
            var fault = upstream.FaultOf(upstreamEvent);
            var delivery = DeliverAsync(upstreamEvent, fault, stopping);
            if (fault.IsOvertaken)
            {
                overtaken.Add(delivery);
            }
            else
            {
                await delivery;
            }
        }

        await Task.WhenAll(overtaken);
    }

    private async Task DeliverAsync(UpstreamEvent upstreamEvent, EmulatedFault fault, CancellationToken stopping)
    {
        var reply = await upstream.SendAsync(upstreamEvent, fault, stopping);
        if (upstreamEvent.InvocationId is { } waiting)
        {
            Answered?.Invoke(waiting, reply);
        }
    }
}
