using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Lets the application's backend say who is in which conversation.</summary>
public sealed class MembershipFunctions(ApiPipeline pipeline, PresenceEngine engine)
{
    private const string Route = "api/conversations/{conversationId}/members/{userId}";

    [Function(nameof(AddMember))]
    public Task<ApiOutput> AddMember(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = Route)] HttpRequest request,
        string conversationId,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            call => ChangeAsync(call, conversationId, userId, isMember: true, cancellationToken));

    [Function(nameof(RemoveMember))]
    public Task<ApiOutput> RemoveMember(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = Route)] HttpRequest request,
        string conversationId,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            call => ChangeAsync(call, conversationId, userId, isMember: false, cancellationToken));

    private async Task<object?> ChangeAsync(
        ApiCall call, string conversationId, string userId, bool isMember, CancellationToken cancellationToken)
    {
        var conversation = ConversationId.Parse(conversationId);
        var user = PresenceKey.Parse(RequestValues.FromPath(userId));
        await RequestBody.ReadAsync(call.Request, ApiJson.Default.NoFields, cancellationToken);
        var change = await engine.ApplyAsync(
            user, isMember ? new PresenceEvent.Joined(conversation) : new PresenceEvent.Left(conversation), cancellationToken);
        return new MembershipAnswer(
            conversation, user.ToString(), isMember, Changed: change.Before.Conversations.Contains(conversation) != isMember);
    }
}
