using System.Buffers.Text;
using System.Net;
using Azure.Core;
using Azure.Core.Pipeline;
using Presence.Core.Metrics;

namespace Presence.Core.TableStorage;

/// <summary>Counts each request that goes out to the table service, retries among them.</summary>
internal sealed class RequestCounting(PresenceMetrics metrics) : HttpPipelinePolicy
{
    private static ReadOnlySpan<byte> StatusLine => "HTTP/1.1 "u8;

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var outcome = "failed";
        try
        {
            await ProcessNextAsync(message, pipeline);
            outcome = OutcomeOf(message);
        }
        catch (OperationCanceledException) when (message.CancellationToken.IsCancellationRequested)
        {
            outcome = "canceled";
            throw;
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
    private static string OutcomeOf(HttpMessage message) => StatusOf(message) switch
    {
        < 400 => "ok",
        404 when message.Request.Method == RequestMethod.Get => "ok",
        404 or 409 or 412 => "conflict",
        429 or 503 => "throttled",
        _ => "failed",
    };

    /// <summary>Of a transaction that was refused, the status of the part that was: the whole is answered with 202 in any case.</summary>
    private static int StatusOf(HttpMessage message)
    {
        if (message.Response.Status != (int)HttpStatusCode.Accepted)
        {
            return message.Response.Status;
        }

        var body = message.Response.Content.ToMemory().Span;
        for (var at = body.IndexOf(StatusLine); at >= 0; at = body.IndexOf(StatusLine))
        {
            body = body[(at + StatusLine.Length)..];
            if (Utf8Parser.TryParse(body, out int status, out _) && status >= 400)
            {
                return status;
            }
        }

        return message.Response.Status;
    }
}
