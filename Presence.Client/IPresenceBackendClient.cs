using Presence.Client.Model;

namespace Presence.Client;

/// <summary>What the application's backend and operators ask, with the options' function key.</summary>
public interface IPresenceBackendClient
{
    /// <summary>The activity of up to 200 users in one call. What the answer names as failed is to be sent again, with the moments it had.</summary>
    Task<ActivityBatchResult> RecordActivityAsync(IReadOnlyCollection<ActivityEntry> entries, CancellationToken cancellationToken = default);

    /// <summary>Puts a user into a conversation.</summary>
    Task<Membership> AddMemberAsync(string conversationId, string userId, CancellationToken cancellationToken = default);

    /// <summary>Takes a user out of a conversation.</summary>
    Task<Membership> RemoveMemberAsync(string conversationId, string userId, CancellationToken cancellationToken = default);

    /// <summary>Who may see a user, and whom it may see, beside what conversations say.</summary>
    Task<VisibilityRelations> GetVisibilityAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>The viewer may see the user; not the other way round.</summary>
    Task<VisibilityRelations> AllowAsync(string userId, string viewerId, CancellationToken cancellationToken = default);

    /// <summary>That ends.</summary>
    Task<VisibilityRelations> DisallowAsync(string userId, string viewerId, CancellationToken cancellationToken = default);

    /// <summary>Whoever is in the conversation may see the user.</summary>
    Task<VisibilityRelations> AllowConversationAsync(string userId, string conversationId, CancellationToken cancellationToken = default);

    /// <summary>That ends.</summary>
    Task<VisibilityRelations> DisallowConversationAsync(string userId, string conversationId, CancellationToken cancellationToken = default);

    /// <summary>Neither sees the other.</summary>
    Task<VisibilityRelations> BlockAsync(string userId, string otherId, CancellationToken cancellationToken = default);

    /// <summary>That ends.</summary>
    Task<VisibilityRelations> UnblockAsync(string userId, string otherId, CancellationToken cancellationToken = default);

    /// <summary>Neither the user nor whoever is in the conversation sees the other.</summary>
    Task<VisibilityRelations> BlockConversationAsync(string userId, string conversationId, CancellationToken cancellationToken = default);

    /// <summary>That ends.</summary>
    Task<VisibilityRelations> UnblockConversationAsync(string userId, string conversationId, CancellationToken cancellationToken = default);

    /// <summary>A session for a guest. Made once: whoever gets no answer may have made one that nobody uses.</summary>
    Task<AnonymousSession> CreateAnonymousSessionAsync(AnonymousSessionRequest? request = null, CancellationToken cancellationToken = default);

    /// <summary>Revokes all sessions of a guest.</summary>
    /// <param name="participantId">The guest's id, without <c>anon:</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<RevokedSessions> RevokeAnonymousSessionsAsync(string participantId, CancellationToken cancellationToken = default);

    /// <summary>The state of the whole system.</summary>
    Task<MaintenanceStats> GetStatsAsync(CancellationToken cancellationToken = default);

    /// <summary>Activity calls and throttle rate over all instances.</summary>
    Task<StatusMetrics> GetStatusMetricsAsync(CancellationToken cancellationToken = default);

    /// <summary>Counts these from zero again.</summary>
    Task ResetStatusMetricsAsync(CancellationToken cancellationToken = default);

    /// <summary>The metrics of the whole system, as text for Prometheus.</summary>
    Task<string> GetMetricsAsync(CancellationToken cancellationToken = default);

    /// <summary>Sets a user's status by hand; offline signs it out.</summary>
    Task<PresenceView> SetUserStatusAsync(string userId, bool isOnline, CancellationToken cancellationToken = default);

    /// <summary>Chooses what others see of a user, for the application.</summary>
    Task<OwnPresence> SetAvailabilityOfAsync(string userId, AvailabilityChoice choice, CancellationToken cancellationToken = default);

    /// <summary>Takes that back.</summary>
    Task<OwnPresence> ClearAvailabilityOfAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>Why a user is as it is.</summary>
    Task<Explanation> ExplainAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>When a user was here, as others could see it: at most 100 days (UTC), both included; by default 30 up to today.</summary>
    Task<UserHistory> GetHistoryAsync(string userId, DateOnly? fromDay = null, DateOnly? toDay = null, CancellationToken cancellationToken = default);

    /// <summary>When somebody was in a conversation, hour by hour; days as above.</summary>
    Task<ConversationHistory> GetConversationHistoryAsync(
        string conversationId, DateOnly? fromDay = null, DateOnly? toDay = null, CancellationToken cancellationToken = default);

    /// <summary>What all users did: at most 400 days (UTC); by default 30 up to today.</summary>
    /// <param name="fromDay">The first day.</param>
    /// <param name="toDay">The last day.</param>
    /// <param name="timeZone">The IANA id of the time zone of the hours; UTC by default.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<AnalyticsReport> GetAnalyticsAsync(
        DateOnly? fromDay = null, DateOnly? toDay = null, string? timeZone = null, CancellationToken cancellationToken = default);

    /// <summary>Signs a user out, and keeps it out until the moment given.</summary>
    Task<Ban> BanAsync(string userId, DateTimeOffset until, CancellationToken cancellationToken = default);

    /// <summary>Signs a user out, and keeps it out for so long, by the server's clock.</summary>
    Task<Ban> BanAsync(string userId, TimeSpan duration, CancellationToken cancellationToken = default);

    /// <summary>Lets a user in again.</summary>
    Task<Ban> LiftBanAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>Removes now what the daily clean-up does.</summary>
    Task<CleanupReport> CleanUpAsync(CancellationToken cancellationToken = default);

    /// <summary>Erases a user, every row of it.</summary>
    Task<Erasure> EraseAsync(string userId, CancellationToken cancellationToken = default);
}
