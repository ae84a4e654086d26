namespace Presence.LocalHost.SignalR;

/// <summary>Upstream as the options want it: what must go wrong with an event does, the rest is delivered.</summary>
internal sealed partial class FaultyUpstream(UpstreamSender sender, SignalREmulatorOptions options, ILogger<FaultyUpstream> logger)
{
    public EmulatedFault FaultOf(UpstreamEvent upstreamEvent) => options.FaultOf(EmulatedCall.Of(upstreamEvent));

    public async Task<UpstreamReply> SendAsync(UpstreamEvent upstreamEvent, EmulatedFault fault, CancellationToken stopping)
    {
        if (fault.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, options.TimeProvider, stopping);
        }

        if (fault.IsLost)
        {
            LogLost(upstreamEvent.Event, upstreamEvent.Client.ConnectionId);
            return UpstreamReply.Failed("lost on purpose");
        }

        for (var more = fault.Times; more > 1; more--)
        {
            await sender.SendAsync(upstreamEvent, stopping);
        }

        return await sender.SendAsync(upstreamEvent, stopping);
    }

    [LoggerMessage(1, LogLevel.Information, "Event {Event} of connection {ConnectionId} lost, as asked for",
        EventName = "UpstreamEventLost")]
    private partial void LogLost(string @event, string connectionId);
}
