using Microsoft.Azure.Functions.Worker;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Records that a user is active.</summary>
public sealed class ActivityFunctions(ApiPipeline pipeline)
{
    [Function(nameof(RecordActivity))]
    public Task<ApiOutput> RecordActivity(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/activity")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request,
            async (_, activity) =>
            {
                await RequestBody.ReadAsync(request, ApiJson.Default.NoFields, cancellationToken);
                return new ActivityAnswer(activity.Status, activity.Throttled, activity.NextRecordAt);
            },
            cancellationToken);
}
