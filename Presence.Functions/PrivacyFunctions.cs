using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Presence.Core.Engine;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rules;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Lets users say what others may know of them.</summary>
public sealed class PrivacyFunctions(ApiPipeline pipeline, IPresenceStore store, PresenceEngine engine, IOptions<PresenceOptions> options)
{
    private const string Route = "api/presence/me/privacy";

    [Function(nameof(GetPrivacy))]
    public Task<ApiOutput> GetPrivacy(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request,
            async (call, _) => PrivacyValues.ToAnswer((await store.LoadAsync(call.Caller, cancellationToken)).Records.Privacy),
            cancellationToken);

    /// <summary>No sign of activity: whoever hides must not be seen doing it.</summary>
    [Function(nameof(ChoosePrivacy))]
    public Task<ApiOutput> ChoosePrivacy(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Route)] HttpRequest request, CancellationToken cancellationToken) =>
        pipeline.ForCallerWithoutActivityAsync(
            request,
            async call =>
            {
                var body = await RequestBody.ReadAsync(request, ApiJson.Default.PrivacyRequest, cancellationToken);
                var chosen = PrivacyValues.Of(body, call.Credentials.IssuedAt, options.Value.LastSeenCanBeHidden);
                var change = await engine.ApplyAsync(call.Caller, chosen, cancellationToken);
                return change.Outcome == Outcome.Stale
                    ? throw new SignedOutException(change.After.BannedUntil(call.BeganAt))
                    : PrivacyValues.ToAnswer(change.After.Privacy);
            },
            cancellationToken);
}
