using Microsoft.Azure.Functions.Worker;
using Presence.Core.Analytics;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>For operators: what all users together did, day by day.</summary>
public sealed class AnalyticsFunctions(ApiPipeline pipeline, AnalyticsReader analytics, TimeProvider time)
{
    [Function(nameof(GetAnalytics))]
    public Task<ApiOutput> GetAnalytics(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "maintenance/analytics")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            async _ =>
            {
                var (from, to) = HistoryValues.Days(request, HistoryValues.MaxSummedDays, time.GetUtcNow());
                return await analytics.ReadAsync(from, to, HistoryValues.TimeZone(request), cancellationToken);
            });
}
