using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>
/// Lets a validated caller connect to the SignalR service. No sign of activity, because clients do it by themselves; and nobody who has
/// signed out comes back by it.
/// </summary>
public sealed class NegotiateFunctions(
    ApiPipeline pipeline, IPresenceStore store, NegotiatedUsers negotiated, IRealtimeService realtime,
    IOptions<PresenceOptions> options, TimeProvider time)
{
    [Function(nameof(Negotiate))]
    public Task<ApiOutput> Negotiate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/negotiate")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerWithoutActivityAsync(
            request,
            async call =>
            {
                var body = await RequestBody.ReadAsync(request, ApiJson.Default.NegotiateRequest, cancellationToken);
                var device = Device.Parse(body.DeviceId, body.Device, body.Foreground);
                var claims = new NegotiationClaims(call.BeganAt, RequestValues.ActiveAt(body), WatchList.Parse(body.Watch ?? []), device);

                // Whether the credentials still stand is part of knowing who calls.
                var user = await store.LoadComingAsync(call.Caller, cancellationToken);
                if (user.Records.IsSignedOutSince(call.Credentials.IssuedAt) || user.Records.IsSignedOut(device, call.BeganAt - options.Value.CredentialLifetime)
                    || user.Records.BannedUntil(call.BeganAt) is not null)
                {
                    throw new SignedOutException(user.Records.BannedUntil(call.BeganAt));
                }

                negotiated.Remember(user);
                var grant = await realtime.NegotiateAsync(call.Caller, claims.ToClaims(), LifetimeOf(call), cancellationToken);
                return ApiResult.Plain(new NegotiateAnswer(grant.Url, grant.AccessToken));
            },
            cancellationToken);

    /// <summary>
    /// What is left of the credentials: the connection ends when they do. Credentials that are good only by the allowance for clocks that
    /// differ connect for a moment.
    /// </summary>
    private TimeSpan LifetimeOf(ApiCall call)
    {
        var left = call.Credentials.ExpiresAt - time.GetUtcNow();
        return left > NegotiationClaims.LongestLifetime ? NegotiationClaims.LongestLifetime
            : left > TimeSpan.FromSeconds(1) ? left
            : TimeSpan.FromSeconds(1);
    }
}
