using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Answers "why?". Never a sign of activity: who asks why it is shown offline must not change that by asking.</summary>
public sealed class ExplanationFunctions(ApiPipeline pipeline, PresenceExplainer explainer)
{
    [Function(nameof(ExplainMe))]
    public Task<ApiOutput> ExplainMe(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/presence/me/explain")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerWithoutActivityAsync(request, async call => await explainer.ExplainAsync(call.Caller, isForItself: true, cancellationToken), cancellationToken);

    [Function(nameof(ExplainUser))]
    public Task<ApiOutput> ExplainUser(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "maintenance/users/{userId}/explain")] HttpRequest request,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request, async _ => await explainer.ExplainAsync(PresenceKey.Parse(PathIds.FromPath(request, userId, nameof(userId))), isForItself: false, cancellationToken));

    /// <summary>For ids that no path carries unchanged.</summary>
    [Function(nameof(ExplainUserOfAnyId))]
    public Task<ApiOutput> ExplainUserOfAnyId(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "maintenance/users/explain")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request, async _ => await explainer.ExplainAsync(PresenceKey.Parse(PathIds.FromQuery(request, "userId")), isForItself: false, cancellationToken));
}
