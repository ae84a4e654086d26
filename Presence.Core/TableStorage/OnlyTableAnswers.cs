using Azure.Core;
using Azure.Core.Pipeline;

namespace Presence.Core.TableStorage;

/// <summary>
/// Lets no answer through that is not the Table service's own, such as the page of a proxy: its "not found" would be taken for a user
/// whom nobody knows. The service puts an id on each of its answers.
/// </summary>
internal sealed class OnlyTableAnswers : HttpPipelinePolicy
{
    private const string RequestId = "x-ms-request-id";

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline);
        if (message.Response.Status < 500 && !message.Response.Headers.Contains(RequestId))
        {
            throw new ForeignAnswerException(message.Response.Status);
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Everything here is asynchronous.");
}

/// <summary>Something else than the Table service has answered: a proxy, say, or a server in front of it that has not let a request through.</summary>
internal sealed class ForeignAnswerException(int status) : IOException($"Something else than the Table service has answered, with status {status}.")
{
    /// <summary>The status of the answer.</summary>
    public int Status => status;
}
