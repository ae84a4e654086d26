using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Presence.Core.Domain;
using Presence.Core.Ledger;

namespace Presence.Functions.Http;

/// <summary>The body of every success.</summary>
public sealed record Success(object? Data)
{
    /// <summary>True.</summary>
    [JsonPropertyName("success"), JsonPropertyOrder(-1)]
    public bool IsSuccess { get; } = true;
}

/// <summary>The body of every failure.</summary>
public sealed record Failure(string Error, string Code)
{
    /// <summary>False.</summary>
    [JsonPropertyName("success"), JsonPropertyOrder(-1)]
    public bool IsSuccess { get; }

    /// <summary>How long to wait before trying again, where that helps; the header <c>Retry-After</c> for those who see no headers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RetryAfterSeconds { get; init; }
}

/// <summary>A request that takes no fields.</summary>
public sealed record NoFields;

/// <summary>
/// The body of <c>POST /api/negotiate</c>: users to be told of beside those in common conversations, when the user was last active, and where
/// the client runs.
/// </summary>
/// <param name="Watch">Users to be told of in any case, where they may be seen.</param>
/// <param name="ActiveAt">When the user was last active, a moment of ISO 8601 with an offset; left out, a user who was offline is active now.</param>
/// <param name="Device">The kind of the device: <c>desktop</c>, <c>mobile</c>, <c>web</c> or another word.</param>
/// <param name="DeviceId">A name that the client makes up for its device when its user signs in, and keeps; the device can be signed out by it.</param>
/// <param name="Foreground">Whether the client is in front of its user.</param>
public sealed record NegotiateRequest(
    ImmutableArray<string>? Watch, string? ActiveAt = null, string? Device = null, string? DeviceId = null, bool? Foreground = null);

/// <summary>The body of <c>PUT /api/presence/me/connections</c>: what is left out stays.</summary>
/// <param name="Device">The kind of the device: <c>desktop</c>, <c>mobile</c>, <c>web</c> or another word.</param>
/// <param name="Foreground">Whether the client is in front of its user.</param>
public sealed record DeviceRequest(string? Device = null, bool? Foreground = null);

/// <summary>The answer to <c>GET /api/presence/me/connections</c>.</summary>
/// <param name="Connections">Those that are open.</param>
public sealed record ConnectionsAnswer(IReadOnlyList<ConnectionAnswer> Connections);

/// <summary>A connection of the caller.</summary>
/// <param name="ConnectionId">Its id, as its client knows it.</param>
/// <param name="Device">The kind of its device; null where it has not said.</param>
/// <param name="DeviceId">The name that its client has made up for it; null where it has none.</param>
/// <param name="Foreground">Whether it is in front of its user; null where it has not said.</param>
/// <param name="KnownAt">When it was last known to be open: when it opened, or was asked for since.</param>
public sealed record ConnectionAnswer(string ConnectionId, string? Device, string? DeviceId, bool? Foreground, DateTimeOffset KnownAt);

/// <summary>
/// What is chosen that others see. The end is a moment or a duration of ISO 8601; what is left out is automatic, none, and never.
/// </summary>
/// <param name="Availability">The availability; the application's backend cannot choose <c>invisible</c> for a user.</param>
/// <param name="Text">A line of text, without control characters, counted in code points.</param>
/// <param name="Emoji">One grapheme cluster, counted in UTF-16 units.</param>
/// <param name="Until">When it ends by itself: a moment or a duration of ISO 8601, at most 366 days ahead.</param>
public sealed record ChoiceRequest(string? Availability = null, string? Text = null, string? Emoji = null, string? Until = null);

/// <summary>The body of <c>PUT /maintenance/bans</c>: a moment or a duration of ISO 8601.</summary>
/// <param name="Until">When the user may come back: a moment or a duration of ISO 8601, at most 366 days ahead.</param>
public sealed record BanRequest(string Until);

/// <summary>The answer to changes of a ban: until when the user is kept out, and whether it was here until now.</summary>
/// <param name="UserId">The user.</param>
/// <param name="BannedUntil">Until when it is kept out; null where it is not.</param>
/// <param name="WasOnline">Whether it was here until now.</param>
public sealed record BanAnswer(string UserId, DateTimeOffset? BannedUntil, bool WasOnline);

/// <summary>The body of <c>PUT /api/presence/me/privacy</c>: what is left out stays.</summary>
/// <param name="Visibility"><c>nobody</c>, or <c>default</c> for those whom the application lets see the caller.</param>
/// <param name="LastSeen">How exactly others learn when the caller was last active. Where the application does not let users hide it, <c>nobody</c> is refused.</param>
public sealed record PrivacyRequest(string? Visibility = null, string? LastSeen = null);

/// <summary>What others may know of the caller.</summary>
/// <param name="Visibility"><c>nobody</c>, or <c>default</c> for those whom the application lets see it.</param>
/// <param name="LastSeen"><c>exact</c>, <c>coarse</c> or <c>nobody</c>.</param>
public sealed record PrivacyAnswer(string Visibility, string LastSeen);

/// <summary>When a user was here.</summary>
/// <param name="UserId">The user.</param>
/// <param name="From">The first day, UTC.</param>
/// <param name="To">The last day, UTC.</param>
/// <param name="Sessions">Those that ended on these days, in the order of their starts.</param>
/// <param name="RetentionDays">For how many days sessions are kept; 0 where none are.</param>
public sealed record HistoryAnswer(string UserId, DateOnly From, DateOnly To, IReadOnlyList<HistorySession> Sessions, double RetentionDays);

/// <summary>A time in which others were shown that a user is here.</summary>
/// <param name="Start">When it began, UTC.</param>
/// <param name="End">When it was over, UTC.</param>
public sealed record HistorySession(DateTimeOffset Start, DateTimeOffset End);

/// <summary>When somebody was in a conversation.</summary>
/// <param name="ConversationId">The conversation.</param>
/// <param name="From">The first day, UTC.</param>
/// <param name="To">The last day, UTC.</param>
/// <param name="Hours">The hours in which somebody was in it, in their order.</param>
/// <param name="RetentionDays">For how many days they are kept; 0 where none are.</param>
public sealed record ConversationHistoryAnswer(string ConversationId, DateOnly From, DateOnly To, IReadOnlyList<ConversationHour> Hours, double RetentionDays);

/// <summary>Who may see a user, and whom it may see, beside what conversations say; for the backend alone.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Visibility">What the user says itself: <c>default</c> or <c>nobody</c>.</param>
/// <param name="LastSeen">The same of when it was last active: <c>exact</c>, <c>coarse</c> or <c>nobody</c>.</param>
/// <param name="AllowedUsers">Who may see it.</param>
/// <param name="AllowedConversations">Whose members may see it.</param>
/// <param name="MaySee">Whom it may see.</param>
/// <param name="BlockedUsers">With whom neither sees the other.</param>
/// <param name="BlockedConversations">With whose members neither sees the other.</param>
public sealed record VisibilityAnswer(
    string UserId, string Visibility, string LastSeen, IReadOnlyList<string> AllowedUsers, IReadOnlyList<string> AllowedConversations,
    IReadOnlyList<string> MaySee, IReadOnlyList<string> BlockedUsers, IReadOnlyList<string> BlockedConversations);

/// <summary>The body of <c>POST /api/anonymous-sessions</c>.</summary>
/// <param name="ParticipantId">The guest, without <c>anon:</c>; left out, a new id is made.</param>
/// <param name="LifetimeSeconds">How long the session lasts: up to the setting <c>SessionLifetime</c>, as it does when this is left out.</param>
public sealed record SessionRequest(string? ParticipantId, double? LifetimeSeconds);

/// <summary>The body of <c>POST /maintenance/user-status</c>.</summary>
/// <param name="UserId">The user.</param>
/// <param name="IsOnline">Whether it is to be online.</param>
public sealed record UserStatusRequest(string UserId, bool IsOnline);

/// <summary>The answer to <c>POST /api/activity</c>.</summary>
/// <param name="Status">How the caller is.</param>
/// <param name="Throttled">Whether an activity was recorded so lately that this one is held back.</param>
/// <param name="NextRecordAt">When to call next as long as the user is active; null for a call that was no activity.</param>
/// <param name="Economy">
/// <c>thrifty</c>, <c>frugal</c> or <c>austere</c> while the system spares its budget, and wants calls less often; left out otherwise.
/// </param>
public sealed record ActivityAnswer(
    PresenceStatus Status, bool Throttled, DateTimeOffset? NextRecordAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Economy = null);

/// <summary>One entry of the body of <c>POST /api/activity/batch</c>.</summary>
/// <param name="UserId">Who was active.</param>
/// <param name="At">When, a moment of ISO 8601 with an offset; left out, as the call is made.</param>
/// <param name="Passive">Whether it is only to be counted.</param>
public sealed record ActivityEntry(string UserId, string? At = null, bool? Passive = null);

/// <summary>The answer to <c>POST /api/activity/batch</c>: how many entries were recorded and so on, and which are to be sent again.</summary>
/// <param name="Recorded">How many were recorded.</param>
/// <param name="Throttled">How many were held back, because of one recorded lately.</param>
/// <param name="Ignored">How many told nothing new, were too old, or from before their user left.</param>
/// <param name="Passive">How many were only counted.</param>
/// <param name="Failed">Those to be sent again.</param>
/// <param name="Economy">
/// <c>thrifty</c>, <c>frugal</c> or <c>austere</c> while the system spares its budget, and wants users told of less often; left out otherwise.
/// </param>
public sealed record ActivityBatchAnswer(
    int Recorded, int Throttled, int Ignored, int Passive, IReadOnlyList<FailedEntry> Failed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Economy = null);

/// <summary>An entry that failed: its place in the array, from 0, whom it told of, and the code of the failure.</summary>
/// <param name="Index">Its place in the array, from 0.</param>
/// <param name="UserId">Whom it told of.</param>
/// <param name="Code">The code of the failure.</param>
public sealed record FailedEntry(int Index, string UserId, string Code);

/// <summary>The answer to <c>POST /api/negotiate</c>, in the shape that SignalR clients follow; no envelope around it.</summary>
/// <param name="Url">Where to connect.</param>
/// <param name="AccessToken">With what.</param>
public sealed record NegotiateAnswer(string Url, string AccessToken);

/// <summary>The body of <c>POST /api/presence</c>: users to look up, and the version of what is known of them.</summary>
/// <param name="Ids">The users.</param>
/// <param name="Since">The version of an earlier answer about the same users: only those come back who may have changed since.</param>
public sealed record PresenceRequest(ImmutableArray<string> Ids, string? Since = null);

/// <summary>The answer to <c>GET /api/presence?ids=</c>: all of them, or those that have changed, and a version to ask by.</summary>
/// <param name="Users">All of them, or those who may have changed.</param>
/// <param name="Version">What to hand back as <c>since</c>.</param>
/// <param name="IsComplete">Whether these are all; else those who may have changed.</param>
public sealed record PresenceAnswer(IReadOnlyList<PresenceView> Users, string Version, bool IsComplete);

/// <summary>The body of <c>PUT /api/watches</c>: all whom a connection of the caller watches.</summary>
/// <param name="ConnectionId">An open connection of the caller, as its SignalR client knows it.</param>
/// <param name="Ids">The users.</param>
public sealed record WatchesRequest(string ConnectionId, ImmutableArray<string> Ids);

/// <summary>The body of <c>PATCH /api/watches</c>: whom it watches besides, and whom no more.</summary>
/// <param name="ConnectionId">An open connection of the caller, as its SignalR client knows it.</param>
/// <param name="Add">Whom it watches besides.</param>
/// <param name="Remove">Whom it watches no more; nobody whom <c>add</c> names.</param>
public sealed record WatchesChangeRequest(string ConnectionId, ImmutableArray<string>? Add = null, ImmutableArray<string>? Remove = null);

/// <summary>The answer to changes of whom a connection watches: how many that are now, and those named, or those of them that have changed.</summary>
/// <param name="ConnectionId">Which connection.</param>
/// <param name="Watching">How many it watches now.</param>
/// <param name="Users">Those whom the call names (all, where it reads), or those of them who may have changed.</param>
/// <param name="Version">What to hand back as <c>since</c>.</param>
/// <param name="IsComplete">Whether these are all of them; else those who may have changed.</param>
public sealed record WatchesAnswer(string ConnectionId, int Watching, IReadOnlyList<PresenceView> Users, string Version, bool IsComplete);

/// <summary>The answer to <c>GET /api/conversations</c>.</summary>
/// <param name="Conversations">Each of them.</param>
public sealed record ConversationsAnswer(IReadOnlyList<ConversationCounts> Conversations);

/// <summary>A conversation and how many are in it and here.</summary>
/// <param name="ConversationId">Which.</param>
/// <param name="Members">How many are in it.</param>
/// <param name="Online">How many of them are online.</param>
/// <param name="Away">How many of them are away.</param>
public sealed record ConversationCounts(string ConversationId, int Members, int Online, int Away);

/// <summary>The answer to <c>GET /api/conversations/{id}/presence</c>: the counts of all, and a page of who.</summary>
/// <param name="ConversationId">Which.</param>
/// <param name="Occupancy">The counts of all.</param>
/// <param name="Users">A page of those who changed, or of all.</param>
/// <param name="NextAfter">Where the next page begins; null for the last.</param>
/// <param name="Version">What to hand back as <c>since</c>.</param>
/// <param name="IsComplete">Whether the pages name all; else those who changed.</param>
/// <param name="Mode">How the conversation is told of changes: <c>names</c> for who has changed, <c>counts</c> for how many are here.</param>
public sealed record RosterAnswer(
    string ConversationId, Occupancy Occupancy, IReadOnlyList<PresenceView> Users, string? NextAfter, string Version, bool IsComplete, string Mode);

/// <summary>The body of <c>PUT /api/conversations/{id}/state</c>: any JSON, null for nothing any more, and how long it holds, a duration of ISO 8601.</summary>
/// <param name="State">Any JSON; null takes back what was shown before.</param>
/// <param name="Ttl">How long it holds: a duration of ISO 8601 from 1 to 60 s; 10 s where it is left out.</param>
public sealed record LiveStateRequest(JsonElement State, string? Ttl = null);

/// <summary>The answer to it: what others are told beside the state.</summary>
/// <param name="ConversationId">Where it is shown.</param>
/// <param name="TtlSeconds">How long it holds.</param>
/// <param name="Version">Rises strictly per user, in a sequence of its own.</param>
public sealed record LiveStateAnswer(string ConversationId, double TtlSeconds, long Version);

/// <summary>The answer to changes of membership.</summary>
/// <param name="ConversationId">The conversation.</param>
/// <param name="UserId">The user.</param>
/// <param name="IsMember">Whether the user is in it now.</param>
/// <param name="Changed">Whether that is new.</param>
public sealed record MembershipAnswer(string ConversationId, string UserId, bool IsMember, bool Changed);

/// <summary>The answer to <c>POST /api/anonymous-sessions</c>. The token is shown this once.</summary>
/// <param name="UserId">The guest, as it is named everywhere.</param>
/// <param name="ParticipantId">The same without <c>anon:</c>.</param>
/// <param name="Token">What it sends as <c>X-Session-Token</c>.</param>
/// <param name="ExpiresAt">When the session ends.</param>
public sealed record SessionAnswer(string UserId, string ParticipantId, string Token, DateTimeOffset ExpiresAt);

/// <summary>The answer to <c>DELETE /api/anonymous-sessions</c>.</summary>
/// <param name="Revoked">How many sessions there were.</param>
public sealed record RevokedAnswer(int Revoked);

/// <summary>The answer to <c>DELETE /maintenance/users</c>: what there was of the user, all of it gone now.</summary>
/// <param name="UserId">The user.</param>
/// <param name="RemovedRows">How many rows there were of it.</param>
/// <param name="RevokedSessions">How many sessions.</param>
/// <param name="WasOnline">Whether it was here until now.</param>
public sealed record ErasureAnswer(string UserId, int RemovedRows, int RevokedSessions, bool WasOnline);

/// <summary>The answer to <c>GET /api/events</c>.</summary>
/// <param name="Events">The events, of one user in the order of their versions. Each is told at least once.</param>
/// <param name="Cursor">What to send as <c>after</c> next time. Keep it once the events are dealt with, and none is missed.</param>
/// <param name="HasMore">Whether there was more already: then ask again at once.</param>
public sealed record EventsAnswer(IReadOnlyList<CloudEvent> Events, string Cursor, bool HasMore);

/// <summary>The body of <c>POST /api/webhooks</c>.</summary>
/// <param name="Url">Where its events are to be sent: https, without user name, password or fragment.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Filter">Which events it is sent; left out, all.</param>
/// <param name="After">The cursor of an answer of the feed, behind which it begins; left out, from now on.</param>
public sealed record WebhookRequest(string Url, string? Description = null, WebhookFilterRequest? Filter = null, string? After = null);

/// <summary>The body of <c>PATCH /api/webhooks/{webhookId}</c>: what is left out stays.</summary>
/// <param name="Url">Where its events are to be sent. Another one is tried at once, whatever failed before.</param>
/// <param name="Description">What it is for; empty for nothing.</param>
/// <param name="Filter">Which events it is sent: the whole filter anew.</param>
/// <param name="Enabled">Whether it is sent events. Enabled again, it is sent what it missed, as far as that is kept.</param>
public sealed record WebhookChangeRequest(string? Url = null, string? Description = null, WebhookFilterRequest? Filter = null, bool? Enabled = null);

/// <summary>Which events a webhook is sent: those that every part lets through. A part that is left out, or null, lets all through.</summary>
/// <param name="Types">Events of these types. Beside those, <c>presence.membership</c> lets those through that name <c>joined</c> or <c>left</c>.</param>
/// <param name="Conversations">Events of users who are in one of these conversations, or were until then. Erasures are sent whatever this says.</param>
/// <param name="Users">Events of these users. Erasures are sent whatever this says; whoever is erased is taken out of it.</param>
public sealed record WebhookFilterRequest(
    ImmutableArray<string>? Types = null, ImmutableArray<string>? Conversations = null, ImmutableArray<string>? Users = null);

/// <summary>The body of <c>POST /api/webhooks/{webhookId}/replay</c>.</summary>
/// <param name="After">The cursor of an answer of the feed, behind which everything is sent, again where it was sent before; left out, everything that is kept.</param>
public sealed record WebhookReplayRequest(string? After = null);

/// <summary>The answer to <c>GET /api/webhooks</c>.</summary>
/// <param name="Webhooks">Each of them.</param>
public sealed record WebhooksAnswer(IReadOnlyList<WebhookAnswer> Webhooks);

/// <summary>A webhook. Its secrets are shown by no answer but the one that made them.</summary>
/// <param name="WebhookId">Its id.</param>
/// <param name="Url">Where its events are sent.</param>
/// <param name="Description">What it is for; null where that was not said.</param>
/// <param name="Filter">Which events it is sent.</param>
/// <param name="Enabled">Whether it is sent events.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="PreviousSecretUntil">Until when the secret before this one signs as well; null where it was never exchanged.</param>
/// <param name="Cursor">Up to where in the feed it has been told; null for the beginning of what is kept.</param>
/// <param name="Health">How its deliveries go.</param>
public sealed record WebhookAnswer(
    string WebhookId, string Url, string? Description, WebhookFilterAnswer Filter, bool Enabled, DateTimeOffset CreatedAt,
    DateTimeOffset? PreviousSecretUntil, string? Cursor, WebhookHealthAnswer Health);

/// <summary>Which events a webhook is sent.</summary>
/// <param name="Types">Events of these types; null for all.</param>
/// <param name="Conversations">Events of users who are in one of these conversations, or were until then; null for all.</param>
/// <param name="Users">Events of these users; null for all, and empty where those that it named were erased.</param>
public sealed record WebhookFilterAnswer(ImmutableArray<string>? Types, ImmutableArray<string>? Conversations, ImmutableArray<string>? Users);

/// <summary>How the deliveries of a webhook go.</summary>
/// <param name="FailedAttempts">How many attempts in a row have failed.</param>
/// <param name="FailingSince">When the first of them did; null where none has.</param>
/// <param name="NextAttemptAt">Not before then is the next attempt; null for as soon as there is something to send.</param>
/// <param name="LastAttemptAt">When the last attempt ended.</param>
/// <param name="LastStatus">What the receiver answered to it; null where it did not.</param>
/// <param name="LastFailure">What went wrong with it; null where nothing did.</param>
/// <param name="LastDeliveredAt">When something was last delivered.</param>
/// <param name="SkippedAt">When it was last so far behind that events it was owed had been removed; null where it never was.</param>
/// <param name="DisabledAt">Since when it is sent nothing any more; null where it is.</param>
/// <param name="DisabledReason">Why: <c>disabled</c> by the backend, <c>gone</c> (410), or <c>failing</c> for 5 days.</param>
public sealed record WebhookHealthAnswer(
    int FailedAttempts, DateTimeOffset? FailingSince, DateTimeOffset? NextAttemptAt, DateTimeOffset? LastAttemptAt, int? LastStatus, string? LastFailure,
    DateTimeOffset? LastDeliveredAt, DateTimeOffset? SkippedAt, DateTimeOffset? DisabledAt, string? DisabledReason);

/// <summary>The answer to making a webhook, and to exchanging its secret, which is shown this once.</summary>
/// <param name="Webhook">The webhook.</param>
/// <param name="Secret">What its messages are signed with.</param>
public sealed record WebhookSecretAnswer(WebhookAnswer Webhook, string Secret);

/// <summary>The answer to <c>POST /api/webhooks/{webhookId}/test</c>.</summary>
/// <param name="Delivered">Whether the receiver answered with 2xx.</param>
/// <param name="Status">What it answered; null where it did not.</param>
/// <param name="Failure">What went wrong; null where nothing did.</param>
public sealed record WebhookTestAnswer(bool Delivered, int? Status, string? Failure);

/// <summary>The answer to <c>GET /health</c>, in the words of health checks; no envelope around it.</summary>
/// <param name="Status">That the instance answers.</param>
public sealed record HealthAnswer(string Status);

/// <summary>The answer to <c>GET /health/ready</c>: the same, and each dependency by its name.</summary>
/// <param name="Status">Whether all of them are within reach.</param>
/// <param name="Dependencies">The same of each.</param>
public sealed record ReadinessAnswer(string Status, IReadOnlyDictionary<string, string> Dependencies);

/// <summary>The answer to <c>GET /maintenance/status-metrics</c>.</summary>
/// <param name="TotalRequests">Calls that are activity.</param>
/// <param name="ThrottledRequests">Those held back.</param>
/// <param name="SuccessfulUpdates">Those recorded.</param>
/// <param name="FailedUpdates">Those that failed.</param>
/// <param name="CacheSize">How many users' windows the instances remember.</param>
/// <param name="ThrottleRate">The share of those held back, in percent.</param>
public sealed record StatusMetricsAnswer(
    long TotalRequests, long ThrottledRequests, long SuccessfulUpdates, long FailedUpdates, int CacheSize, double ThrottleRate);
