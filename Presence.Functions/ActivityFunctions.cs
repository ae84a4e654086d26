using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Options;
using Presence.Core.Throttle;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Records that users are active.</summary>
public sealed class ActivityFunctions(ApiPipeline pipeline, PresenceReader reader, ActivityBatch batch, IOptions<PresenceOptions> options)
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
                    ? new ActivityAnswer(result.Status, result.Throttled, result.NextRecordAt, Step)
                    : new ActivityAnswer(await reader.ReadSessionsAsync(call.Caller, cancellationToken), Throttled: false, NextRecordAt: null, Step);
            },
            cancellationToken);

    /// <summary>The step of economy; none where it is the normal one.</summary>
    private string? Step => options.Value.StepOfEconomy is not Economy.Normal and var step ? EconomyName.Of(step) : null;

    /// <summary>Many users in one execution, by the application's backend.</summary>
    [Function(nameof(RecordActivityBatch))]
    public Task<ApiOutput> RecordActivityBatch(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/activity/batch")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            async call =>
            {
                var entries = await ActivityEntries.ReadAsync(request, cancellationToken);
                var done = await batch.RecordAsync(entries, call.BeganAt, cancellationToken);
                return new ActivityBatchAnswer(
                    done.Recorded,
                    done.Throttled,
                    done.Ignored,
                    done.Passive,
                    [.. done.Failed.Select(one => new FailedEntry(one.Index, entries[one.Index].User.ToString(), pipeline.CodeOf(one.Failure)))],
                    Step);
            });
}
