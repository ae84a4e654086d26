using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Reports;
using Presence.Core.Retention;
using Presence.Core.Stats;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>For operators: the state of the system, and what can be done by hand.</summary>
public sealed class MaintenanceFunctions(
    ApiPipeline pipeline, StatsReader stats, SharedMetrics metrics, PresenceEngine engine, Cleanup cleanup, TimeProvider time)
{
    [Function(nameof(GetMaintenanceStats))]
    public Task<ApiOutput> GetMaintenanceStats(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "maintenance/stats")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(request, async _ => await stats.ReadAsync(cancellationToken));

    [Function(nameof(GetStatusMetrics))]
    public Task<ApiOutput> GetStatusMetrics(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "maintenance/status-metrics")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            async _ =>
            {
                var (counts, cacheSize) = await metrics.GetAsync(cancellationToken);
                return new StatusMetricsAnswer(
                    counts.TotalRequests, counts.ThrottledRequests, counts.SuccessfulUpdates, counts.FailedUpdates, cacheSize, counts.ThrottleRate);
            });

    [Function(nameof(ResetStatusMetrics))]
    public Task<ApiOutput> ResetStatusMetrics(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "maintenance/status-metrics/reset")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            async _ =>
            {
                await metrics.ResetAsync(cancellationToken);
                return null;
            });

    [Function(nameof(SetUserStatus))]
    public Task<ApiOutput> SetUserStatus(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "maintenance/user-status")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            async _ =>
            {
                var body = await RequestBody.ReadAsync(request, ApiJson.Default.UserStatusRequest, cancellationToken);
                var user = PresenceKey.Parse(body.UserId);
                var change = await engine.ApplyAsync(user, new PresenceEvent.SetByAdministrator(body.IsOnline), cancellationToken);
                return body.IsOnline && change.After.BannedUntil(time.GetUtcNow()) is { } until
                    ? throw new InvalidInputException("isOnline", $"cannot be true before {until:O}: until then the user is kept out, unless you lift that")
                    : change.After.ViewOf(user);
            });

    [Function(nameof(CleanUpNow))]
    public Task<ApiOutput> CleanUpNow(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "maintenance/cleanup")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(request, async _ => await cleanup.RunAsync(cancellationToken));
}
