using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;
using Presence.Functions.Http;

namespace Presence.Benchmarks.Http;

/// <summary>
/// What <c>POST /api/activity</c> would be with another throttle behind it: the same host, check of the caller, body and answer.
/// </summary>
public sealed class PeerFunctions(ApiPipeline pipeline, IPeerThrottle throttle, TimeProvider time)
{
    [Function(nameof(RecordPeerActivity))]
    public Task<ApiOutput> RecordPeerActivity(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "peer/activity")] HttpRequest request, CancellationToken cancellationToken) =>
        pipeline.ForCallerWithoutActivityAsync(
            request,
            async call =>
            {
                await RequestBody.ReadAsync(request, ApiJson.Default.NoFields, cancellationToken);
                var throttled = await throttle.IsThrottledAsync(call.Caller.ToString());
                return new ActivityAnswer(PresenceStatus.Online, throttled, time.GetUtcNow());
            },
            cancellationToken);
}
