using System.Text;

namespace Presence.LocalHost.SignalR;

/// <summary>Delivers one event, trying again after a failure, and gives it up at last.</summary>
internal sealed partial class UpstreamSender(
    UpstreamTarget target, EmulatorAccessKey key, SignalREmulatorOptions options, ILogger<UpstreamSender> logger) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<UpstreamReply> SendAsync(UpstreamEvent upstreamEvent, CancellationToken stopping)
    {
        for (var attempt = 0; ; attempt++)
        {
            var reply = await TryOnceAsync(upstreamEvent, stopping);
            if (reply.Error is null)
            {
                return reply;
            }

            if (attempt == options.UpstreamRetryDelays.Count)
            {
                LogDropped(upstreamEvent.Event, upstreamEvent.Client.ConnectionId, attempt + 1, reply.Error);
                return reply;
            }

            await Task.Delay(options.UpstreamRetryDelays[attempt], options.TimeProvider, stopping);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<UpstreamReply> TryOnceAsync(UpstreamEvent upstreamEvent, CancellationToken stopping)
    {
        // Asked for at every attempt: the functions may have moved to another port meanwhile.
        if (target.For(upstreamEvent) is not { } address)
        {
            return UpstreamReply.Nobody;
        }

        using var timeout = new CancellationTokenSource(options.UpstreamTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            using var request = UpstreamRequest.Create(address, upstreamEvent, key);
            using var response = await _http.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode
                ? new UpstreamReply(await response.Content.ReadAsStringAsync(either.Token))
                : UpstreamReply.Failed($"Invocation failed, status code {(int)response.StatusCode}.");
        }
        catch (Exception e) when (e is HttpRequestException or FormatException)
        {
            return UpstreamReply.Failed($"Invocation failed, {e.Message}");
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return UpstreamReply.Failed("Invocation failed, upstream did not answer in time.");
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Event {Event} of connection {ConnectionId} dropped after {Attempts} attempts: {Reason}",
        EventName = "UpstreamEventDropped")]
    private partial void LogDropped(string @event, string connectionId, int attempts, string reason);
}
