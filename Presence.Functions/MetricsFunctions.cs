using Microsoft.Azure.Functions.Worker;
using Presence.Core.Stats;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>For Prometheus: the metrics of the whole system, whichever instance answers.</summary>
public sealed class MetricsFunctions(ApiPipeline pipeline, MetricsReader metrics)
{
    [Function(nameof(GetMetrics))]
    public Task<ApiOutput> GetMetrics(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "metrics")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            async _ => new TextResult(await metrics.ReadPrometheusTextAsync(cancellationToken), MetricsReader.ContentType));
}
