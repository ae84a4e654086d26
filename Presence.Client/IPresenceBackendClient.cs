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

    /// <summary>
    /// A page of the feed of every change and erasure; none is missed by whoever goes on from <see cref="EventPage.Cursor"/>. A cursor that is too old
    /// fails with <see cref="PresenceErrorCode.CursorTooOld"/>: take <see cref="EventPage.Latest"/>, read the users anew, and go on from there.
    /// </summary>
    /// <param name="after">The cursor of the page before; <see cref="EventPage.Latest"/> for one from now on; null for the oldest events that are kept.</param>
    /// <param name="limit">The most events on the page, 1 to 1,000; null for the server's own 100.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<EventPage> GetEventPageAsync(string? after = null, int? limit = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// All pages, one after the other as they are asked for, until there is no more at present. There is always one. The cursor of the last page that was
    /// dealt with is the one to go on from, after a moment.
    /// </summary>
    /// <param name="after">As of one page.</param>
    /// <param name="pageSize">The most events on a page, 1 to 1,000; null for the server's own 100.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<EventPage> GetEventPagesAsync(string? after = null, int? pageSize = null, CancellationToken cancellationToken = default);

    /// <summary>All webhooks, up to 50, and how their deliveries go.</summary>
    Task<WebhookList> GetWebhooksAsync(CancellationToken cancellationToken = default);

    /// <summary>Has events sent to a URL; there may be 50. Made once: whoever gets no answer may have made one, which the list shows, and whose secret nobody knows.</summary>
    Task<WebhookSecret> AddWebhookAsync(NewWebhook webhook, CancellationToken cancellationToken = default);

    /// <summary>One webhook, and how its deliveries go; where there is none, it and all that follow fail with <see cref="PresenceErrorCode.NotFound"/>.</summary>
    Task<Webhook> GetWebhookAsync(string webhookId, CancellationToken cancellationToken = default);

    /// <summary>Changes where events are sent, and which; disables or enables it. What is null stays.</summary>
    Task<Webhook> ChangeWebhookAsync(string webhookId, WebhookChange change, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends no more events there. Where an answer was lost and the call was made again, <see cref="PresenceErrorCode.NotFound"/> may mean that the first
    /// one has done it.
    /// </summary>
    Task RemoveWebhookAsync(string webhookId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Exchanges its secret; for 24 h messages are signed with the one before as well; exchanged again in that time, with the oldest, too. Made once: whoever
    /// gets no answer may have exchanged it for one that nobody knows, and exchanges it again.
    /// </summary>
    Task<WebhookSecret> ExchangeWebhookSecretAsync(string webhookId, CancellationToken cancellationToken = default);

    /// <summary>Sends again what lies behind a cursor, to receivers that drop what they had.</summary>
    /// <param name="webhookId">Which.</param>
    /// <param name="after">An <see cref="EventPage.Cursor"/>; null for everything that is kept. One that is too old fails with <see cref="PresenceErrorCode.CursorTooOld"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<Webhook> ReplayWebhookAsync(string webhookId, string? after = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends it a message without events, now, and says what became of it. The receiver has 10 s: with <see cref="PresenceClientOptions.AttemptTimeout"/>
    /// not longer than that, a slow one ends the call instead. Made once, so that one call is one message.
    /// </summary>
    Task<WebhookTestResult> TestWebhookAsync(string webhookId, CancellationToken cancellationToken = default);

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
