using System.Globalization;
using Presence.Client.Http;
using Presence.Client.Model;

namespace Presence.Client;

/// <content>Calls of the backend.</content>
public sealed partial class PresenceClient
{
    private const string Allowed = "api/visibility/allowed";

    private const string Blocked = "api/visibility/blocked";

    private const string UserId = "userId";

    private const string ConversationId = "conversationId";

    /// <inheritdoc/>
    public Task<ActivityBatchResult> RecordActivityAsync(IReadOnlyCollection<ActivityEntry> entries, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(
            Post("api/activity/batch").With(entries, ClientJson.Default.IReadOnlyCollectionActivityEntry).SafeTwice(),
            ClientJson.Default.EnvelopeActivityBatchResult,
            cancellationToken);

    /// <inheritdoc/>
    public Task<Membership> AddMemberAsync(string conversationId, string userId, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(
            Put(Conversation(conversationId, "members")).With(UserId, userId), ClientJson.Default.EnvelopeMembership, cancellationToken);

    /// <inheritdoc/>
    public Task<Membership> RemoveMemberAsync(string conversationId, string userId, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(
            Delete(Conversation(conversationId, "members")).With(UserId, userId), ClientJson.Default.EnvelopeMembership, cancellationToken);

    /// <inheritdoc/>
    public Task<VisibilityRelations> GetVisibilityAsync(string userId, CancellationToken cancellationToken = default) =>
        RelateAsync(Get("api/visibility"), userId, null, null, cancellationToken);

    /// <inheritdoc/>
    public Task<VisibilityRelations> AllowAsync(string userId, string viewerId, CancellationToken cancellationToken = default) =>
        RelateAsync(Put(Allowed), userId, "viewerId", viewerId, cancellationToken);

    /// <inheritdoc/>
    public Task<VisibilityRelations> DisallowAsync(string userId, string viewerId, CancellationToken cancellationToken = default) =>
        RelateAsync(Delete(Allowed), userId, "viewerId", viewerId, cancellationToken);

    /// <inheritdoc/>
    public Task<VisibilityRelations> AllowConversationAsync(string userId, string conversationId, CancellationToken cancellationToken = default) =>
        RelateAsync(Put(Allowed), userId, ConversationId, conversationId, cancellationToken);

    /// <inheritdoc/>
    public Task<VisibilityRelations> DisallowConversationAsync(string userId, string conversationId, CancellationToken cancellationToken = default) =>
        RelateAsync(Delete(Allowed), userId, ConversationId, conversationId, cancellationToken);

    /// <inheritdoc/>
    public Task<VisibilityRelations> BlockAsync(string userId, string otherId, CancellationToken cancellationToken = default) =>
        RelateAsync(Put(Blocked), userId, "otherId", otherId, cancellationToken);

    /// <inheritdoc/>
    public Task<VisibilityRelations> UnblockAsync(string userId, string otherId, CancellationToken cancellationToken = default) =>
        RelateAsync(Delete(Blocked), userId, "otherId", otherId, cancellationToken);

    /// <inheritdoc/>
    public Task<VisibilityRelations> BlockConversationAsync(string userId, string conversationId, CancellationToken cancellationToken = default) =>
        RelateAsync(Put(Blocked), userId, ConversationId, conversationId, cancellationToken);

    /// <inheritdoc/>
    public Task<VisibilityRelations> UnblockConversationAsync(string userId, string conversationId, CancellationToken cancellationToken = default) =>
        RelateAsync(Delete(Blocked), userId, ConversationId, conversationId, cancellationToken);

    /// <inheritdoc/>
    public Task<AnonymousSession> CreateAnonymousSessionAsync(AnonymousSessionRequest? request = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(
            Post("api/anonymous-sessions").With(request ?? new(), ClientJson.Default.AnonymousSessionRequest),
            ClientJson.Default.EnvelopeAnonymousSession,
            cancellationToken);

    /// <inheritdoc/>
    public Task<RevokedSessions> RevokeAnonymousSessionsAsync(string participantId, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(
            Delete("api/anonymous-sessions").With("participantId", participantId), ClientJson.Default.EnvelopeRevokedSessions, cancellationToken);

    /// <inheritdoc/>
    public Task<MaintenanceStats> GetStatsAsync(CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(Get("maintenance/stats"), ClientJson.Default.EnvelopeMaintenanceStats, cancellationToken);

    /// <inheritdoc/>
    public Task<StatusMetrics> GetStatusMetricsAsync(CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(Get("maintenance/status-metrics"), ClientJson.Default.EnvelopeStatusMetrics, cancellationToken);

    /// <inheritdoc/>
    public Task ResetStatusMetricsAsync(CancellationToken cancellationToken = default) =>
        _transport.TellAsBackendAsync(Post("maintenance/status-metrics/reset"), cancellationToken);

    /// <inheritdoc/>
    public Task<string> GetMetricsAsync(CancellationToken cancellationToken = default) =>
        _transport.AskTextAsBackendAsync(Get("metrics"), cancellationToken);

    /// <inheritdoc/>
    public Task<PresenceView> SetUserStatusAsync(string userId, bool isOnline, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(
            Post("maintenance/user-status").With(new(userId, isOnline), ClientJson.Default.UserStatusBody),
            ClientJson.Default.EnvelopePresenceView,
            cancellationToken);

    /// <inheritdoc/>
    public Task<OwnPresence> SetAvailabilityOfAsync(string userId, AvailabilityChoice choice, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(
            Put("maintenance/availability").With(UserId, userId).With(choice, ClientJson.Default.AvailabilityChoice),
            ClientJson.Default.EnvelopeOwnPresence,
            cancellationToken);

    /// <inheritdoc/>
    public Task<OwnPresence> ClearAvailabilityOfAsync(string userId, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(
            Delete("maintenance/availability").With(UserId, userId), ClientJson.Default.EnvelopeOwnPresence, cancellationToken);

    /// <inheritdoc/>
    public Task<Explanation> ExplainAsync(string userId, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(Get("maintenance/users/explain").With(UserId, userId), ClientJson.Default.EnvelopeExplanation, cancellationToken);

    /// <inheritdoc/>
    public Task<UserHistory> GetHistoryAsync(string userId, DateOnly? fromDay = null, DateOnly? toDay = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(OfDays(Get("api/history").With(UserId, userId), fromDay, toDay), ClientJson.Default.EnvelopeUserHistory, cancellationToken);

    /// <inheritdoc/>
    public Task<ConversationHistory> GetConversationHistoryAsync(
        string conversationId, DateOnly? fromDay = null, DateOnly? toDay = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(
            OfDays(Get(Conversation(conversationId, "history")), fromDay, toDay), ClientJson.Default.EnvelopeConversationHistory, cancellationToken);

    /// <inheritdoc/>
    public Task<AnalyticsReport> GetAnalyticsAsync(
        DateOnly? fromDay = null, DateOnly? toDay = null, string? timeZone = null, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(
            OfDays(Get("maintenance/analytics"), fromDay, toDay).With("timeZone", timeZone), ClientJson.Default.EnvelopeAnalyticsReport, cancellationToken);

    /// <inheritdoc/>
    public Task<Ban> BanAsync(string userId, DateTimeOffset until, CancellationToken cancellationToken = default) =>
        BanAsync(userId, until.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture), cancellationToken);

    /// <inheritdoc/>
    public Task<Ban> BanAsync(string userId, TimeSpan duration, CancellationToken cancellationToken = default) =>
        BanAsync(userId, Duration(duration)!, cancellationToken);

    /// <inheritdoc/>
    public Task<Ban> LiftBanAsync(string userId, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(Delete("maintenance/bans").With(UserId, userId), ClientJson.Default.EnvelopeBan, cancellationToken);

    /// <inheritdoc/>
    public Task<CleanupReport> CleanUpAsync(CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(Post("maintenance/cleanup").SafeTwice(), ClientJson.Default.EnvelopeCleanupReport, cancellationToken);

    /// <inheritdoc/>
    public Task<Erasure> EraseAsync(string userId, CancellationToken cancellationToken = default) =>
        _transport.AskAsBackendAsync(Delete("maintenance/users").With(UserId, userId), ClientJson.Default.EnvelopeErasure, cancellationToken);

    private static Request OfDays(Request request, DateOnly? fromDay, DateOnly? toDay) => request
        .With("from", fromDay?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
        .With("to", toDay?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    private Task<Ban> BanAsync(string userId, string until, CancellationToken cancellationToken) => _transport.AskAsBackendAsync(
        Put("maintenance/bans").With(UserId, userId).With(new(until), ClientJson.Default.BanBody), ClientJson.Default.EnvelopeBan, cancellationToken);

    private Task<VisibilityRelations> RelateAsync(Request request, string userId, string? other, string? otherId, CancellationToken cancellationToken) =>
        _transport.AskAsBackendAsync(
            other is null ? request.With(UserId, userId) : request.With(UserId, userId).With(other, otherId),
            ClientJson.Default.EnvelopeVisibilityRelations,
            cancellationToken);
}
