using Azure.Core;
using Azure.Core.Pipeline;
using Presence.Core.Metrics;

namespace Presence.Core.Storage;

/// <summary>Counts each request that goes out to the table service, retries among them.</summary>
internal sealed class RequestCounting(PresenceMetrics metrics) : HttpPipelinePolicy
{
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var outcome = "failed";
        try
        {
            await ProcessNextAsync(message, pipeline);
            outcome = OutcomeOf(message);
        }
        finally
        {
            metrics.AskedStorage(OperationOf(message.Request), outcome);
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Everything here is asynchronous.");

    private static string OperationOf(Request request) =>
        request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal) ? "transaction"
        : request.Method != RequestMethod.Get ? "write"
        : request.Uri.Path.Contains("PartitionKey=", StringComparison.Ordinal) ? "read"
        : "query";

    /// <summary>A row that is not there is a good answer to a read; to a write it is the conflict that it is conditional on.</summary>
    private static string OutcomeOf(HttpMessage message) => message.Response.Status switch
    {
        < 400 => "ok",
        404 when message.Request.Method == RequestMethod.Get => "ok",
        404 or 409 or 412 => "conflict",
        429 or 503 => "throttled",
        _ => "failed",
    };
}
