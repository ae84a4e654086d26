using Microsoft.Azure.Functions.Worker;
using Presence.Core.Ports;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Lets a validated caller connect to the SignalR service.</summary>
public sealed class NegotiateFunctions(ApiPipeline pipeline, IRealtimeService realtime, WatchList watchList)
{
    [Function(nameof(Negotiate))]
    public Task<ApiOutput> Negotiate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/negotiate")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request,
            async (call, _) =>
            {
                var body = await RequestBody.ReadAsync(request, ApiJson.Default.NegotiateRequest, cancellationToken);
                var watched = WatchList.Parse(body.Watch ?? []);
                call.Announce(await watchList.MarkAsync(watched, cancellationToken));
                var grant = await realtime.NegotiateAsync(call.Caller, WatchList.ToClaims(watched), cancellationToken);
                return ApiResult.Plain(new NegotiateAnswer(grant.Url, grant.AccessToken));
            },
            cancellationToken);
}
