using Microsoft.Azure.Functions.Worker;
using Presence.Core.Engine;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Records that a user is active.</summary>
public sealed class ActivityFunctions(ApiPipeline pipeline, PresenceReader reader)
{
    [Function(nameof(RecordActivity))]
    public Task<ApiOutput> RecordActivity(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/activity")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request,
            async (call, activity) =>
            {
                await RequestBody.ReadAsync(request, ApiJson.Default.NoFields, cancellationToken);
                return activity is { } result
                    ? new ActivityAnswer(result.Status, result.Throttled, result.NextRecordAt)
                    : new ActivityAnswer(await reader.ReadSessionsAsync(call.Caller, cancellationToken), Throttled: false, NextRecordAt: null);
            },
            cancellationToken);
}
