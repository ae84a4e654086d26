using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Ports;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Lets the application's backend say who may see whom, beside what conversations say. All ids stand in the query, which carries any.</summary>
public sealed class VisibilityFunctions(ApiPipeline pipeline, IPresenceStore store, Relationships relationships)
{
    private const string Allowed = "api/visibility/allowed";

    private const string Blocked = "api/visibility/blocked";

    private const string Conversation = "conversationId";

    [Function(nameof(GetVisibility))]
    public Task<ApiOutput> GetVisibility(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/visibility")] HttpRequest request, CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(request, _ => AnswerAsync(UserOf(request), cancellationToken));

    [Function(nameof(Allow))]
    public Task<ApiOutput> Allow(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = Allowed)] HttpRequest request, CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(request, _ => AllowAsync(request, holds: true, cancellationToken));

    [Function(nameof(Disallow))]
    public Task<ApiOutput> Disallow(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = Allowed)] HttpRequest request, CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(request, _ => AllowAsync(request, holds: false, cancellationToken));

    [Function(nameof(Block))]
    public Task<ApiOutput> Block(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = Blocked)] HttpRequest request, CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(request, _ => BlockAsync(request, holds: true, cancellationToken));

    [Function(nameof(Unblock))]
    public Task<ApiOutput> Unblock(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = Blocked)] HttpRequest request, CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(request, _ => BlockAsync(request, holds: false, cancellationToken));

    private static PresenceKey UserOf(HttpRequest request) => PresenceKey.Parse(PathIds.FromQuery(request, "userId"));

    private static string ConversationOf(HttpRequest request) => ConversationId.Parse(RequestValues.Once(request, Conversation));

    private async Task<object?> AllowAsync(HttpRequest request, bool holds, CancellationToken cancellationToken)
    {
        const string Viewer = "viewerId";
        await RequestBody.ReadAsync(request, ApiJson.Default.NoFields, cancellationToken);
        var user = UserOf(request);
        await (IsOfUsers(request, Viewer)
            ? relationships.AllowAsync(user, PresenceKey.Parse(RequestValues.Once(request, Viewer), Viewer), holds, cancellationToken)
            : relationships.AllowInAsync(user, ConversationOf(request), holds, cancellationToken));
        return await AnswerAsync(user, cancellationToken);
    }

    private async Task<object?> BlockAsync(HttpRequest request, bool holds, CancellationToken cancellationToken)
    {
        const string Other = "otherId";
        await RequestBody.ReadAsync(request, ApiJson.Default.NoFields, cancellationToken);
        var user = UserOf(request);
        await (IsOfUsers(request, Other)
            ? relationships.BlockAsync(user, PresenceKey.Parse(RequestValues.Once(request, Other), Other), holds, cancellationToken)
            : relationships.BlockInAsync(user, ConversationOf(request), holds, cancellationToken));
        return await AnswerAsync(user, cancellationToken);
    }

    private static bool IsOfUsers(HttpRequest request, string field) => (request.Query.ContainsKey(field), request.Query.ContainsKey(Conversation)) switch
    {
        (true, false) => true,
        (false, true) => false,
        (false, false) => throw new InvalidInputException(field, $"is missing: it must be given as ?{field}=, or a conversation as ?{Conversation}="),
        (true, true) => throw new InvalidInputException(field, $"must not be given together with {Conversation}"),
    };

    private async Task<object?> AnswerAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        var records = (await store.LoadAsync(user, cancellationToken)).Records;
        var (privacy, relations) = (PrivacyValues.ToAnswer(records.Privacy), records.Relations);
        return new VisibilityAnswer(
            user.ToString(),
            privacy.Visibility,
            privacy.LastSeen,
            [.. relations.SeenBy.Select(one => one.ToString())],
            relations.SeenIn,
            [.. relations.Sees.Select(one => one.ToString())],
            [.. relations.Blocks.Select(block => block.Other.ToString())],
            relations.BlockedConversations);
    }
}
