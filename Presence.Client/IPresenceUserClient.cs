using System.Text.Json;
using Presence.Client.Model;

namespace Presence.Client;

/// <summary>What users, and programs for them, ask. Without a <see cref="PresenceCaller"/> the options' credentials are taken.</summary>
public interface IPresenceUserClient
{
    /// <summary>The user is active.</summary>
    Task<ActivityResult> RecordActivityAsync(PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>One user as the caller may see it; one who may not be seen is as one whom nobody knows.</summary>
    Task<PresenceView> GetPresenceAsync(string userId, PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>Up to 500 users; with <paramref name="since"/>, the version of an answer about the same users, only those who may have changed.</summary>
    Task<PresenceList> GetPresenceAsync(
        IReadOnlyCollection<string> userIds, string? since = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>How the caller stands, and what it has chosen.</summary>
    Task<OwnPresence> GetOwnPresenceAsync(PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>Signs the caller out: offline at once, all connections closed.</summary>
    Task<PresenceView> SignOutAsync(PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>Chooses what others see, instead of what was chosen before.</summary>
    Task<OwnPresence> SetAvailabilityAsync(AvailabilityChoice choice, PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>Takes the choice back.</summary>
    Task<OwnPresence> ClearAvailabilityAsync(PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>Where the caller is connected.</summary>
    Task<UserConnections> GetConnectionsAsync(PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>Says something else of a connection.</summary>
    Task<UserConnections> ChangeConnectionAsync(
        string connectionId, ConnectionChange change, PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>Signs out there: closes it, with all others of its device.</summary>
    Task<UserConnections> SignOutConnectionAsync(string connectionId, PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>What others may know of the caller.</summary>
    Task<Privacy> GetPrivacyAsync(PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>Chooses that; what is null stays.</summary>
    Task<Privacy> SetPrivacyAsync(Privacy privacy, PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>The caller's conversations, with counts.</summary>
    Task<ConversationList> GetConversationsAsync(PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>One page of who is in a conversation.</summary>
    Task<RosterPage> GetRosterPageAsync(
        string conversationId, RosterQuery? query = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// All pages, one after the other. With <paramref name="since"/> the pages name those who changed since that version, or, where a page is complete,
    /// all whom it is about; where nothing has changed there is one, unchanged. The version of the last page is the one to keep.
    /// </summary>
    IAsyncEnumerable<RosterPage> GetRosterPagesAsync(
        string conversationId, string? since = null, int? pageSize = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>Everybody in a conversation, read page by page as they are asked for.</summary>
    IAsyncEnumerable<PresenceView> GetRosterAsync(
        string conversationId, int? pageSize = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>Shows a conversation what the caller does at this moment: any JSON of up to 1,024 bytes, for 1 to 60 s; JSON null takes it back.</summary>
    Task<ShownState> ShowStateAsync(
        string conversationId, JsonElement state, TimeSpan? timeToLive = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>Why the caller is as it is. No activity.</summary>
    Task<Explanation> ExplainOwnAsync(PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>When the caller was here, as others could see it: at most 100 days (UTC), both included; by default 30 up to today. No activity.</summary>
    Task<UserHistory> GetOwnHistoryAsync(
        DateOnly? fromDay = null, DateOnly? toDay = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// When a user is usually here in the next seven days; where nothing can be said, why. Of one whose past the caller may not know as of one of whom
    /// little is known.
    /// </summary>
    /// <param name="userId">Whose.</param>
    /// <param name="timeZone">The IANA id of the time zone of the hours, best the one in which the user lives; UTC by default.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<Forecast> GetForecastAsync(
        string userId, string? timeZone = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>The same of the caller.</summary>
    /// <param name="timeZone">The IANA id of the time zone of the hours; UTC by default.</param>
    /// <param name="caller">Whose, and who asks.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<Forecast> GetOwnForecastAsync(string? timeZone = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>Where to connect. No activity.</summary>
    Task<ConnectionGrant> NegotiateAsync(NegotiateRequest? request = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>Whom a connection watches.</summary>
    Task<WatchList> GetWatchesAsync(
        string connectionId, string? since = null, PresenceCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>A connection watches these users from now on, up to 500, and no others.</summary>
    Task<WatchList> SetWatchesAsync(
        string connectionId, IReadOnlyCollection<string> userIds, string? since = null, PresenceCaller? caller = null,
        CancellationToken cancellationToken = default);

    /// <summary>A connection watches further users, and some no more. One call after the other.</summary>
    Task<WatchList> ChangeWatchesAsync(
        string connectionId, IReadOnlyCollection<string>? add = null, IReadOnlyCollection<string>? remove = null, PresenceCaller? caller = null,
        CancellationToken cancellationToken = default);

    /// <summary>A connection watches nobody any more.</summary>
    Task<WatchList> ClearWatchesAsync(string connectionId, PresenceCaller? caller = null, CancellationToken cancellationToken = default);
}
