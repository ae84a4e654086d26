using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.History;
using Presence.Core.Options;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Answers when a user was here, and when somebody was in a conversation: as JSON, or as CSV. Never a sign of activity.</summary>
public sealed class HistoryFunctions(ApiPipeline pipeline, HistoryReader history, IOptions<PresenceOptions> options, TimeProvider time)
{
    [Function(nameof(GetOwnHistory))]
    public Task<ApiOutput> GetOwnHistory(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/presence/me/history")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerWithoutActivityAsync(request, call => ReadAsync(request, call.Caller, cancellationToken), cancellationToken);

    [Function(nameof(GetHistory))]
    public Task<ApiOutput> GetHistory(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/history/{userId}")] HttpRequest request,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request, _ => ReadAsync(request, PresenceKey.Parse(PathIds.FromPath(request, userId, nameof(userId))), cancellationToken));

    /// <summary>For ids that no path carries unchanged.</summary>
    [Function(nameof(GetHistoryOfAnyId))]
    public Task<ApiOutput> GetHistoryOfAnyId(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/history")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(request, _ => ReadAsync(request, PresenceKey.Parse(PathIds.FromQuery(request, "userId")), cancellationToken));

    [Function(nameof(GetConversationHistory))]
    public Task<ApiOutput> GetConversationHistory(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/conversations/{conversationId}/history")] HttpRequest request,
        string conversationId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            async _ =>
            {
                var conversation = PathIds.Conversation(request, conversationId);
                var ((from, to), isCsv) = (DayRange(request), HistoryValues.IsCsv(request));
                var hours = await history.ReadAsync(conversation, from, to, cancellationToken);
                return isCsv
                    ? HistoryValues.ToCsv(hours)
                    : new ConversationHistoryAnswer(conversation, from, to, hours, RetentionDays);
            });

    private double RetentionDays => options.Value.HistoryRetention.TotalDays;

    private async Task<object?> ReadAsync(HttpRequest request, PresenceKey user, CancellationToken cancellationToken)
    {
        var ((from, to), isCsv) = (DayRange(request), HistoryValues.IsCsv(request));
        var sessions = await history.ReadAsync(user, from, to, cancellationToken);
        return isCsv
            ? HistoryValues.ToCsv(sessions)
            : new HistoryAnswer(user.ToString(), from, to, [.. sessions.Select(session => new HistorySession(session.Start, session.End))], RetentionDays);
    }

    private (DateOnly From, DateOnly To) DayRange(HttpRequest request) => HistoryValues.Days(request, HistoryValues.MaxDays, time.GetUtcNow());
}
