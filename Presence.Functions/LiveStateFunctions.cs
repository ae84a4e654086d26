using Microsoft.Azure.Functions.Worker;
using Presence.Core.Live;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Lets members of conversations show what they are doing at this moment.</summary>
public sealed class LiveStateFunctions(ApiPipeline pipeline, LiveStates states)
{
    [Function(nameof(ShowState))]
    public Task<ApiOutput> ShowState(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/conversations/{conversationId}/state")] HttpRequest request,
        string conversationId,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request,
            async (call, _) =>
            {
                var conversation = PathIds.Conversation(request, conversationId);
                var body = await RequestBody.ReadAsync(request, ApiJson.Default.LiveStateRequest, cancellationToken);
                var told = await states.TellAsync(
                    call.Caller, conversation, LiveStateValues.State(body.State), LiveStateValues.Ttl(body.Ttl), cancellationToken);
                return new LiveStateAnswer(told.ConversationId, told.TtlSeconds, told.Version);
            },
            cancellationToken);
}
