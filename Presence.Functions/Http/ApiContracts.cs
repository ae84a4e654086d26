using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Presence.Core.Domain;

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
public sealed record NegotiateRequest(
    ImmutableArray<string>? Watch, string? ActiveAt = null, string? Device = null, string? DeviceId = null, bool? Foreground = null);

/// <summary>The body of <c>PUT /api/presence/me/connections</c>: what is left out stays.</summary>
public sealed record DeviceRequest(string? Device = null, bool? Foreground = null);

/// <summary>The answer to <c>GET /api/presence/me/connections</c>.</summary>
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
public sealed record ChoiceRequest(string? Availability = null, string? Text = null, string? Emoji = null, string? Until = null);

/// <summary>The body of <c>PUT /maintenance/bans</c>: a moment or a duration of ISO 8601.</summary>
public sealed record BanRequest(string Until);

/// <summary>The answer to changes of a ban: until when the user is kept out, and whether it was here until now.</summary>
public sealed record BanAnswer(string UserId, DateTimeOffset? BannedUntil, bool WasOnline);

/// <summary>The body of <c>PUT /api/presence/me/privacy</c>: what is left out stays.</summary>
public sealed record PrivacyRequest(string? Visibility = null, string? LastSeen = null);

/// <summary>What others may know of the caller.</summary>
/// <param name="Visibility"><c>nobody</c>, or <c>default</c> for those whom the application lets see it.</param>
/// <param name="LastSeen"><c>exact</c>, <c>coarse</c> or <c>nobody</c>.</param>
public sealed record PrivacyAnswer(string Visibility, string LastSeen);

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
public sealed record SessionRequest(string? ParticipantId, double? LifetimeSeconds);

/// <summary>The body of <c>POST /maintenance/user-status</c>.</summary>
public sealed record UserStatusRequest(string UserId, bool IsOnline);

/// <summary>The answer to <c>POST /api/activity</c>.</summary>
public sealed record ActivityAnswer(PresenceStatus Status, bool Throttled, DateTimeOffset? NextRecordAt);

/// <summary>One entry of the body of <c>POST /api/activity/batch</c>.</summary>
public sealed record ActivityEntry(string UserId, string? At = null, bool? Passive = null);

/// <summary>The answer to <c>POST /api/activity/batch</c>: how many entries were recorded and so on, and which are to be sent again.</summary>
public sealed record ActivityBatchAnswer(int Recorded, int Throttled, int Ignored, int Passive, IReadOnlyList<FailedEntry> Failed);

/// <summary>An entry that failed: its place in the array, from 0, whom it told of, and the code of the failure.</summary>
public sealed record FailedEntry(int Index, string UserId, string Code);

/// <summary>The answer to <c>POST /api/negotiate</c>, in the shape that SignalR clients follow; no envelope around it.</summary>
public sealed record NegotiateAnswer(string Url, string AccessToken);

/// <summary>The body of <c>POST /api/presence</c>: users to look up, and the version of what is known of them.</summary>
public sealed record PresenceRequest(ImmutableArray<string> Ids, string? Since = null);

/// <summary>The answer to <c>GET /api/presence?ids=</c>: all of them, or those that have changed, and a version to ask by.</summary>
public sealed record PresenceAnswer(IReadOnlyList<PresenceView> Users, string Version, bool IsComplete);

/// <summary>The body of <c>PUT /api/watches</c>: all whom a connection of the caller watches.</summary>
public sealed record WatchesRequest(string ConnectionId, ImmutableArray<string> Ids);

/// <summary>The body of <c>PATCH /api/watches</c>: whom it watches besides, and whom no more.</summary>
public sealed record WatchesChangeRequest(string ConnectionId, ImmutableArray<string>? Add = null, ImmutableArray<string>? Remove = null);

/// <summary>The answer to changes of whom a connection watches: how many that are now, and those named, or those of them that have changed.</summary>
public sealed record WatchesAnswer(string ConnectionId, int Watching, IReadOnlyList<PresenceView> Users, string Version, bool IsComplete);

/// <summary>The answer to <c>GET /api/conversations</c>.</summary>
public sealed record ConversationsAnswer(IReadOnlyList<ConversationCounts> Conversations);

/// <summary>A conversation and how many are in it and here.</summary>
public sealed record ConversationCounts(string ConversationId, int Members, int Online, int Away);

/// <summary>The answer to <c>GET /api/conversations/{id}/presence</c>: the counts of all, and a page of who.</summary>
/// <param name="ConversationId">Which.</param>
/// <param name="Occupancy">The counts of all.</param>
/// <param name="Users">A page of those who changed, or of all.</param>
/// <param name="NextAfter">Where the next page begins; null for the last.</param>
/// <param name="Version">What to hand back as <c>since</c>.</param>
/// <param name="IsComplete">Whether the pages name all; else those who changed.</param>
/// <param name="Mode">How the conversation is told of changes: one of <see cref="ConversationMode"/>.</param>
public sealed record RosterAnswer(
    string ConversationId, Occupancy Occupancy, IReadOnlyList<PresenceView> Users, string? NextAfter, string Version, bool IsComplete, string Mode);

/// <summary>The body of <c>PUT /api/conversations/{id}/state</c>: any JSON, null for nothing any more, and how long it holds, a duration of ISO 8601.</summary>
public sealed record LiveStateRequest(JsonElement State, string? Ttl = null);

/// <summary>The answer to it: what others are told beside the state.</summary>
public sealed record LiveStateAnswer(string ConversationId, double TtlSeconds, long Version);

/// <summary>The answer to changes of membership.</summary>
public sealed record MembershipAnswer(string ConversationId, string UserId, bool IsMember, bool Changed);

/// <summary>The answer to <c>POST /api/anonymous-sessions</c>. The token is shown this once.</summary>
public sealed record SessionAnswer(string UserId, string ParticipantId, string Token, DateTimeOffset ExpiresAt);

/// <summary>The answer to <c>DELETE /api/anonymous-sessions</c>.</summary>
public sealed record RevokedAnswer(int Revoked);

/// <summary>The answer to <c>DELETE /maintenance/users</c>: what there was of the user, all of it gone now.</summary>
public sealed record ErasureAnswer(string UserId, int RemovedRows, int RevokedSessions, bool WasOnline);

/// <summary>The answer to <c>GET /health</c>, in the words of health checks; no envelope around it.</summary>
public sealed record HealthAnswer(string Status);

/// <summary>The answer to <c>GET /health/ready</c>: the same, and each dependency by its name.</summary>
public sealed record ReadinessAnswer(string Status, IReadOnlyDictionary<string, string> Dependencies);

/// <summary>The answer to <c>GET /maintenance/status-metrics</c>.</summary>
public sealed record StatusMetricsAnswer(
    long TotalRequests, long ThrottledRequests, long SuccessfulUpdates, long FailedUpdates, int CacheSize, double ThrottleRate);
