using Microsoft.Azure.Functions.Worker;
using Presence.Core.Rosters;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Shows callers the conversations they are in and who is there.</summary>
public sealed class ConversationFunctions(ApiPipeline pipeline, ConversationDirectory conversations)
{
    /// <summary>The most users on one page of a roster.</summary>
    internal const int MaxPage = 1_000;

    internal const int DefaultPage = 200;

    [Function(nameof(GetConversations))]
    public Task<ApiOutput> GetConversations(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/conversations")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request,
            async (call, _) => new ConversationsAnswer(
            [
                .. (await conversations.ListAsync(call.Caller, cancellationToken)).Select(c =>
                    new ConversationCounts(c.ConversationId, c.Occupancy.Members, c.Occupancy.Online, c.Occupancy.Away)),
            ]),
            cancellationToken);

    [Function(nameof(GetRoster))]
    public Task<ApiOutput> GetRoster(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/conversations/{conversationId}/presence")] HttpRequest request,
        string conversationId,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request,
            async (call, _) =>
            {
                var limit = RequestValues.Number(request, "limit", 1, MaxPage, DefaultPage);
                var after = RequestValues.Once(request, "after");
                var (since, before) = (RequestValues.Since(request), RequestValues.PageBefore(request));
                var roster = await conversations.ReadAsync(
                    call.Caller, PathIds.Conversation(request, conversationId), isFresh: since is not null, cancellationToken);
                return RosterPage.Of(roster, since, before, after, limit) is { } page
                    ? new RosterAnswer(
                        roster.ConversationId, roster.Occupancy, page.Users, page.NextAfter, page.Version, page.IsComplete, roster.Mode)
                    : ApiResult.NotModified(call.Token);
            },
            cancellationToken);
}
