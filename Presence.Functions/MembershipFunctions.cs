using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Lets the application's backend say who is in which conversation.</summary>
public sealed class MembershipFunctions(ApiPipeline pipeline, PresenceEngine engine, Relationships relationships)
{
    private const string Route = "api/conversations/{conversationId}/members/{userId}";

    private const string RouteOfAnyId = "api/conversations/{conversationId}/members";

    [Function(nameof(AddMember))]
    public Task<ApiOutput> AddMember(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = Route)] HttpRequest request,
        string conversationId,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            call => ChangeAsync(
                call, conversationId, PathIds.FromPath(request, userId, nameof(userId)), isMember: true, cancellationToken));

    /// <summary>For ids that no path carries unchanged.</summary>
    [Function(nameof(AddMemberOfAnyId))]
    public Task<ApiOutput> AddMemberOfAnyId(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = RouteOfAnyId)] HttpRequest request,
        string conversationId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            call => ChangeAsync(call, conversationId, PathIds.FromQuery(request, "userId"), isMember: true, cancellationToken));

    [Function(nameof(RemoveMember))]
    public Task<ApiOutput> RemoveMember(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = Route)] HttpRequest request,
        string conversationId,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            call => ChangeAsync(
                call, conversationId, PathIds.FromPath(request, userId, nameof(userId)), isMember: false, cancellationToken));

    /// <summary>For ids that no path carries unchanged.</summary>
    [Function(nameof(RemoveMemberOfAnyId))]
    public Task<ApiOutput> RemoveMemberOfAnyId(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = RouteOfAnyId)] HttpRequest request,
        string conversationId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            call => ChangeAsync(call, conversationId, PathIds.FromQuery(request, "userId"), isMember: false, cancellationToken));

    private async Task<object?> ChangeAsync(
        ApiCall call, string conversationId, string userId, bool isMember, CancellationToken cancellationToken)
    {
        var conversation = PathIds.Conversation(call.Request, conversationId);
        var user = PresenceKey.Parse(userId);
        await RequestBody.ReadAsync(call.Request, ApiJson.Default.NoFields, cancellationToken);
        var change = isMember
            ? await relationships.JoinAsync(user, conversation, cancellationToken)
            : await engine.ApplyAsync(user, new PresenceEvent.Left(conversation), cancellationToken);
        return new MembershipAnswer(
            conversation, user.ToString(), isMember, Changed: change.Before.Conversations.Contains(conversation) != isMember);
    }
}
