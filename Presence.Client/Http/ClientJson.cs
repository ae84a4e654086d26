using System.Text.Json;
using System.Text.Json.Serialization;
using Presence.Client.Following;
using Presence.Client.Model;

namespace Presence.Client.Http;

/// <summary>
/// How everything looks on the wire, without reflection. Fields that are not known are skipped, and so are wrong guesses about the size of letters:
/// a newer server breaks no client.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(Envelope<Nothing>))]
[JsonSerializable(typeof(Envelope<ActivityResult>))]
[JsonSerializable(typeof(Envelope<ActivityBatchResult>))]
[JsonSerializable(typeof(Envelope<PresenceView>))]
[JsonSerializable(typeof(Envelope<OwnPresence>))]
[JsonSerializable(typeof(Envelope<PresenceList>))]
[JsonSerializable(typeof(Envelope<WatchList>))]
[JsonSerializable(typeof(Envelope<UserConnections>))]
[JsonSerializable(typeof(Envelope<Privacy>))]
[JsonSerializable(typeof(Envelope<ConversationList>))]
[JsonSerializable(typeof(Envelope<RosterPage>))]
[JsonSerializable(typeof(Envelope<ShownState>))]
[JsonSerializable(typeof(Envelope<Explanation>))]
[JsonSerializable(typeof(Envelope<Membership>))]
[JsonSerializable(typeof(Envelope<VisibilityRelations>))]
[JsonSerializable(typeof(Envelope<AnonymousSession>))]
[JsonSerializable(typeof(Envelope<RevokedSessions>))]
[JsonSerializable(typeof(Envelope<MaintenanceStats>))]
[JsonSerializable(typeof(Envelope<StatusMetrics>))]
[JsonSerializable(typeof(Envelope<CleanupReport>))]
[JsonSerializable(typeof(Envelope<Ban>))]
[JsonSerializable(typeof(Envelope<Erasure>))]
[JsonSerializable(typeof(Envelope<UserHistory>))]
[JsonSerializable(typeof(Envelope<ConversationHistory>))]
[JsonSerializable(typeof(Envelope<AnalyticsReport>))]
[JsonSerializable(typeof(Envelope<Forecast>))]
[JsonSerializable(typeof(Envelope<EventPage>))]
[JsonSerializable(typeof(Envelope<WebhookList>))]
[JsonSerializable(typeof(Envelope<Webhook>))]
[JsonSerializable(typeof(Envelope<WebhookSecret>))]
[JsonSerializable(typeof(Envelope<WebhookTestResult>))]
[JsonSerializable(typeof(ConnectionGrant))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(IReadOnlyCollection<ActivityEntry>))]
[JsonSerializable(typeof(NegotiateRequest))]
[JsonSerializable(typeof(ConnectionChange))]
[JsonSerializable(typeof(AvailabilityChoice))]
[JsonSerializable(typeof(Privacy))]
[JsonSerializable(typeof(AnonymousSessionRequest))]
[JsonSerializable(typeof(PresenceBody))]
[JsonSerializable(typeof(WatchesBody))]
[JsonSerializable(typeof(WatchesChangeBody))]
[JsonSerializable(typeof(StateBody))]
[JsonSerializable(typeof(UserStatusBody))]
[JsonSerializable(typeof(BanBody))]
[JsonSerializable(typeof(NewWebhook))]
[JsonSerializable(typeof(WebhookChange))]
[JsonSerializable(typeof(WebhookReplayBody))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(PresenceView[]))]
[JsonSerializable(typeof(SnapshotMessage))]
[JsonSerializable(typeof(CountsMessage))]
[JsonSerializable(typeof(ModeMessage))]
[JsonSerializable(typeof(LeftMessage))]
internal sealed partial class ClientJson : JsonSerializerContext;
