using Microsoft.Azure.Functions.Worker;
using Presence.Core.Health;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>For whoever watches the app from outside: whether it runs, and whether all that it needs is within reach. Nobody's activity.</summary>
public sealed class HealthFunctions(ApiPipeline pipeline, Readiness readiness)
{
    private const string Healthy = "Healthy";

    private const string Unhealthy = "Unhealthy";

    /// <summary>That this instance answers; it asks nobody else.</summary>
    [Function(nameof(GetHealth))]
    public Task<ApiOutput> GetHealth(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health")] HttpRequest request) =>
        pipeline.ForAnybodyAsync(request, _ => Task.FromResult<object?>(ApiResult.Plain(new HealthAnswer(Healthy))));

    /// <summary>503 where something is away, by its name and nothing more.</summary>
    [Function(nameof(GetReadiness))]
    public Task<ApiOutput> GetReadiness(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/ready")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForAnybodyAsync(
            request,
            async _ =>
            {
                var asked = await readiness.AskAsync(cancellationToken);
                var isReady = asked.Values.All(isWithinReach => isWithinReach);
                return ApiResult.Plain(
                    new ReadinessAnswer(WordOf(isReady), asked.ToDictionary(one => one.Key, one => WordOf(one.Value))),
                    isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
            });

    private static string WordOf(bool isWell) => isWell ? Healthy : Unhealthy;
}
