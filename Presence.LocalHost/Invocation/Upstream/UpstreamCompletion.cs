using System.Text.Json;

namespace Presence.LocalHost.Invocation.Upstream;

/// <summary>Answers the client that invoked a function and waits for its result.</summary>
internal sealed class UpstreamCompletion(string invocationId, FunctionOutcome outcome) : IResult
{
    private const int CompletionType = 3;
    private const byte RecordSeparator = 0x1e;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        object completion = outcome.Failure is { } failure
            ? new { type = CompletionType, invocationId, error = failure.Message }
            : new { type = CompletionType, invocationId, result = outcome.Result };
        httpContext.Response.ContentType = "application/json";
        var body = JsonSerializer.SerializeToUtf8Bytes(completion, JsonSerializerOptions.Web);
        await httpContext.Response.BodyWriter.WriteAsync((byte[])[.. body, RecordSeparator]);
    }
}
