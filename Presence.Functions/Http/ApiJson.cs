using System.Text.Json;
using System.Text.Json.Serialization;
using Presence.Core.Analytics;
using Presence.Core.Domain;
using Presence.Core.Forecasting;
using Presence.Core.Ledger;
using Presence.Core.Retention;
using Presence.Core.Stats;

namespace Presence.Functions.Http;

/// <summary>How everything looks on the wire: camel case, names for statuses, UTC times in ISO 8601.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = false,
    Converters = [typeof(StatusConverter), typeof(AvailabilityConverter), typeof(ChosenAvailabilityConverter), typeof(ReasonConverter), typeof(LastSeenConverter)])]
[JsonSerializable(typeof(Success))]
[JsonSerializable(typeof(Failure))]
[JsonSerializable(typeof(NoFields))]
[JsonSerializable(typeof(NegotiateRequest))]
[JsonSerializable(typeof(BanRequest))]
[JsonSerializable(typeof(BanAnswer))]
[JsonSerializable(typeof(DeviceRequest))]
[JsonSerializable(typeof(ConnectionsAnswer))]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(Forecast))]
[JsonSerializable(typeof(ChoiceRequest))]
[JsonSerializable(typeof(PrivacyRequest))]
[JsonSerializable(typeof(PrivacyAnswer))]
[JsonSerializable(typeof(HistoryAnswer))]
[JsonSerializable(typeof(ConversationHistoryAnswer))]
[JsonSerializable(typeof(AnalyticsReport))]
[JsonSerializable(typeof(VisibilityAnswer))]
[JsonSerializable(typeof(SessionRequest))]
[JsonSerializable(typeof(UserStatusRequest))]
[JsonSerializable(typeof(ActivityAnswer))]
[JsonSerializable(typeof(ActivityEntry))]
[JsonSerializable(typeof(ActivityBatchAnswer))]
[JsonSerializable(typeof(NegotiateAnswer))]
[JsonSerializable(typeof(PresenceRequest))]
[JsonSerializable(typeof(PresenceAnswer))]
[JsonSerializable(typeof(WatchesRequest))]
[JsonSerializable(typeof(WatchesChangeRequest))]
[JsonSerializable(typeof(WatchesAnswer))]
[JsonSerializable(typeof(ConversationsAnswer))]
[JsonSerializable(typeof(RosterAnswer))]
[JsonSerializable(typeof(LiveStateRequest))]
[JsonSerializable(typeof(LiveStateAnswer))]
[JsonSerializable(typeof(LiveState))]
[JsonSerializable(typeof(LiveState[]))]
[JsonSerializable(typeof(MembershipAnswer))]
[JsonSerializable(typeof(SessionAnswer))]
[JsonSerializable(typeof(RevokedAnswer))]
[JsonSerializable(typeof(ErasureAnswer))]
[JsonSerializable(typeof(WebhookRequest))]
[JsonSerializable(typeof(WebhookChangeRequest))]
[JsonSerializable(typeof(WebhookReplayRequest))]
[JsonSerializable(typeof(WebhooksAnswer))]
[JsonSerializable(typeof(WebhookAnswer))]
[JsonSerializable(typeof(WebhookSecretAnswer))]
[JsonSerializable(typeof(WebhookTestAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ReadinessAnswer))]
[JsonSerializable(typeof(StatusMetricsAnswer))]
[JsonSerializable(typeof(MaintenanceStats))]
[JsonSerializable(typeof(CleanupReport))]
[JsonSerializable(typeof(EventsAnswer))]
[JsonSerializable(typeof(CloudEvent))]
[JsonSerializable(typeof(CloudEventData))]
[JsonSerializable(typeof(PresenceView))]
[JsonSerializable(typeof(PresenceView[]))]
[JsonSerializable(typeof(OwnPresence))]
[JsonSerializable(typeof(Snapshot))]
[JsonSerializable(typeof(CountsMessage))]
[JsonSerializable(typeof(ModeMessage))]
[JsonSerializable(typeof(LeftMessage))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>The argument of a message as JSON, so that it looks the same whatever a host's own serializer does.</summary>
    public static JsonElement ToElement(object argument) => JsonSerializer.SerializeToElement(argument, argument.GetType(), Default.Options);
}

internal sealed class AvailabilityConverter() : JsonStringEnumConverter<Availability>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

internal sealed class ChosenAvailabilityConverter() : JsonStringEnumConverter<ChosenAvailability>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

internal sealed class ReasonConverter() : JsonStringEnumConverter<Reason>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

internal sealed class LastSeenConverter() : JsonStringEnumConverter<LastSeen>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

internal sealed class StatusConverter() : JsonStringEnumConverter<PresenceStatus>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
