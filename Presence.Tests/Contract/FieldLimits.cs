using System.Globalization;
using System.Text.Json.Nodes;
using Presence.Core.Domain;
using Presence.Core.Forecasting;
using Presence.Core.Ledger;
using Presence.Core.Sessions;
using Presence.Core.Webhooks;
using Presence.Functions;
using Presence.Functions.Http;

namespace Presence.Tests.Contract;

/// <summary>What a type alone does not say of a field: how long, how many, which words. From the constants that the functions check by.</summary>
internal static class FieldLimits
{
    /// <summary>A date and time of ISO 8601 with an offset.</summary>
    public const string Moments = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})$";

    /// <summary>Every id of a webhook.</summary>
    public const string WebhookIds = "^(wh[0-9a-f]{32}|eventGrid)$";

    private const string Durations = "^P([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\\.[0-9]{1,3})?S)?)?$";

    private static readonly string[] LastSeenPrecisions = ["exact", "coarse", "nobody"];

    private static readonly string[] Visibilities = ["default", "nobody"];

    private static readonly string[] Healths = ["Healthy", "Unhealthy"];

    private static readonly string[] Modes = [ConversationMode.Names, ConversationMode.Counts];

    private static readonly Dictionary<(Type Type, string Property), Action<ContractSchemas, JsonObject>> Of = new()
    {
        [(typeof(NegotiateRequest), nameof(NegotiateRequest.Watch))] = (schemas, field) => Users(schemas, field, least: 0, WatchList.MaxUsers),
        [(typeof(NegotiateRequest), nameof(NegotiateRequest.ActiveAt))] = (_, field) => Moment(field),
        [(typeof(NegotiateRequest), nameof(NegotiateRequest.Device))] = (_, field) => Length(field, 1, Device.MaxKind),
        [(typeof(NegotiateRequest), nameof(NegotiateRequest.DeviceId))] = (_, field) => DeviceName(field),
        [(typeof(DeviceRequest), nameof(DeviceRequest.Device))] = (_, field) => Length(field, 1, Device.MaxKind),
        [(typeof(ChoiceRequest), nameof(ChoiceRequest.Availability))] = (_, field) => Words(field, Enum.GetValues<ChosenAvailability>().Select(AvailabilityName.Of)),
        [(typeof(ChoiceRequest), nameof(ChoiceRequest.Text))] = (_, field) => Length(field, 0, ChoiceValues.MaxText),
        [(typeof(ChoiceRequest), nameof(ChoiceRequest.Emoji))] = (_, field) => Length(field, 0, ChoiceValues.MaxEmoji),
        [(typeof(ChoiceRequest), nameof(ChoiceRequest.Until))] = (_, field) => MomentOrDuration(field),
        [(typeof(BanRequest), nameof(BanRequest.Until))] = (_, field) => MomentOrDuration(field),
        [(typeof(PrivacyRequest), nameof(PrivacyRequest.Visibility))] = (_, field) => Words(field, Visibilities),
        [(typeof(PrivacyRequest), nameof(PrivacyRequest.LastSeen))] = (_, field) => Words(field, LastSeenPrecisions),
        [(typeof(PrivacyAnswer), nameof(PrivacyAnswer.Visibility))] = (_, field) => Words(field, Visibilities),
        [(typeof(PrivacyAnswer), nameof(PrivacyAnswer.LastSeen))] = (_, field) => Words(field, LastSeenPrecisions),
        [(typeof(VisibilityAnswer), nameof(VisibilityAnswer.Visibility))] = (_, field) => Words(field, Visibilities),
        [(typeof(VisibilityAnswer), nameof(VisibilityAnswer.LastSeen))] = (_, field) => Words(field, LastSeenPrecisions),
        [(typeof(VisibilityAnswer), nameof(VisibilityAnswer.AllowedUsers))] = (schemas, field) => field["items"] = UserId(schemas),
        [(typeof(VisibilityAnswer), nameof(VisibilityAnswer.AllowedConversations))] = (schemas, field) => field["items"] = ConversationIdOf(schemas),
        [(typeof(VisibilityAnswer), nameof(VisibilityAnswer.MaySee))] = (schemas, field) => field["items"] = UserId(schemas),
        [(typeof(VisibilityAnswer), nameof(VisibilityAnswer.BlockedUsers))] = (schemas, field) => field["items"] = UserId(schemas),
        [(typeof(VisibilityAnswer), nameof(VisibilityAnswer.BlockedConversations))] = (schemas, field) => field["items"] = ConversationIdOf(schemas),
        [(typeof(Explanation), nameof(Explanation.Conversations))] = (schemas, field) => field["items"] = ConversationIdOf(schemas),
        [(typeof(ExplainedVisibility), nameof(ExplainedVisibility.VisibleTo))] = (_, field) => Words(field, ["nobody", "conversations", "everybody"]),
        [(typeof(ExplainedVisibility), nameof(ExplainedVisibility.LastSeen))] = (_, field) => Words(field, LastSeenPrecisions),
        [(typeof(HealthAnswer), nameof(HealthAnswer.Status))] = (_, field) => Words(field, ["Healthy"]),
        [(typeof(ReadinessAnswer), nameof(ReadinessAnswer.Status))] = (_, field) => Words(field, Healths),
        [(typeof(ReadinessAnswer), nameof(ReadinessAnswer.Dependencies))] = (_, field) => field["additionalProperties"] = Words(Healths),
        [(typeof(SessionRequest), nameof(SessionRequest.ParticipantId))] = (_, field) => Length(field, 1, PresenceKey.MaxIdLength),
        [(typeof(SessionRequest), nameof(SessionRequest.LifetimeSeconds))] = (_, field) => field["minimum"] = AnonymousSessions.MinLifetime.TotalSeconds,
        [(typeof(ActivityEntry), nameof(ActivityEntry.At))] = (_, field) => Moment(field),
        [(typeof(PresenceRequest), nameof(PresenceRequest.Ids))] = (schemas, field) => Users(schemas, field, least: 1, RequestValues.MaxIds),
        [(typeof(WatchesRequest), nameof(WatchesRequest.ConnectionId))] = (_, field) => field["minLength"] = 1,
        [(typeof(WatchesRequest), nameof(WatchesRequest.Ids))] = (schemas, field) => Users(schemas, field, least: 0, RequestValues.MaxIds),
        [(typeof(WatchesChangeRequest), nameof(WatchesChangeRequest.ConnectionId))] = (_, field) => field["minLength"] = 1,
        [(typeof(WatchesChangeRequest), nameof(WatchesChangeRequest.Add))] = (schemas, field) => Users(schemas, field, least: 0, RequestValues.MaxIds),
        [(typeof(WatchesChangeRequest), nameof(WatchesChangeRequest.Remove))] = (schemas, field) => Users(schemas, field, least: 0, RequestValues.MaxIds),
        [(typeof(LiveStateRequest), nameof(LiveStateRequest.Ttl))] = (_, field) => Duration(field),
        [(typeof(LiveStateAnswer), nameof(LiveStateAnswer.TtlSeconds))] = (_, field) => Range(field, LiveStateValues.Least.TotalSeconds, LiveStateValues.Most.TotalSeconds),
        [(typeof(LiveState), nameof(LiveState.TtlSeconds))] = (_, field) => Range(field, LiveStateValues.Least.TotalSeconds, LiveStateValues.Most.TotalSeconds),
        [(typeof(PresenceView), nameof(PresenceView.Device))] = (_, field) => Words(field, [Device.Mobile]),
        [(typeof(RosterAnswer), nameof(RosterAnswer.Users))] = (_, field) => field["maxItems"] = ConversationFunctions.MaxPage,
        [(typeof(RosterAnswer), nameof(RosterAnswer.Mode))] = (_, field) => Words(field, Modes),
        [(typeof(ConversationSnapshot), nameof(ConversationSnapshot.Users))] = (_, field) => field["maxItems"] = ConversationSnapshot.MaxUsers,
        [(typeof(ConversationSnapshot), nameof(ConversationSnapshot.Mode))] = (_, field) => Words(field, Modes),
        [(typeof(ModeMessage), nameof(ModeMessage.Mode))] = (_, field) => Words(field, Modes),
        [(typeof(EventsAnswer), nameof(EventsAnswer.Events))] = (_, field) => field["maxItems"] = EventFeed.MostAtOnce,
        [(typeof(CloudEvent), nameof(CloudEvent.SpecVersion))] = (_, field) => Words(field, ["1.0"]),
        [(typeof(CloudEvent), nameof(CloudEvent.Type))] = (_, field) => Words(field, CloudEvent.Types),
        [(typeof(CloudEvent), nameof(CloudEvent.DataContentType))] = (_, field) => Words(field, ["application/json"]),
        [(typeof(CloudEventData), nameof(CloudEventData.Device))] = (_, field) => Words(field, [Device.Mobile]),
        [(typeof(CloudEventData), nameof(CloudEventData.Conversations))] = (schemas, field) => field["items"] = ConversationIdOf(schemas),
        [(typeof(CloudEventData), nameof(CloudEventData.Joined))] = (schemas, field) => field["items"] = ConversationIdOf(schemas),
        [(typeof(CloudEventData), nameof(CloudEventData.Left))] = (schemas, field) => field["items"] = ConversationIdOf(schemas),
        [(typeof(WebhookRequest), nameof(WebhookRequest.Url))] = (_, field) => Length(field, 1, WebhookUrl.MaxLength),
        [(typeof(WebhookRequest), nameof(WebhookRequest.Description))] = (_, field) => Length(field, 0, Webhook.MaxDescription),
        [(typeof(WebhookRequest), nameof(WebhookRequest.After))] = (_, field) => Cursor(field),
        [(typeof(WebhookChangeRequest), nameof(WebhookChangeRequest.Url))] = (_, field) => Length(field, 1, WebhookUrl.MaxLength),
        [(typeof(WebhookChangeRequest), nameof(WebhookChangeRequest.Description))] = (_, field) => Length(field, 0, Webhook.MaxDescription),
        [(typeof(WebhookReplayRequest), nameof(WebhookReplayRequest.After))] = (_, field) => Cursor(field),
        [(typeof(WebhookFilterRequest), nameof(WebhookFilterRequest.Types))] = (_, field) => Several(field, Words(CloudEvent.Types), CloudEvent.Types.Length),
        [(typeof(WebhookFilterRequest), nameof(WebhookFilterRequest.Conversations))] = (schemas, field) => Several(field, ConversationIdOf(schemas), WebhookFilter.Most),
        [(typeof(WebhookFilterRequest), nameof(WebhookFilterRequest.Users))] = (schemas, field) => Several(field, UserId(schemas), WebhookFilter.Most),
        [(typeof(WebhookFilterAnswer), nameof(WebhookFilterAnswer.Types))] = (_, field) => Several(field, Words(CloudEvent.Types), CloudEvent.Types.Length),
        [(typeof(WebhookFilterAnswer), nameof(WebhookFilterAnswer.Conversations))] = (schemas, field) => Several(field, ConversationIdOf(schemas), WebhookFilter.Most),
        [(typeof(WebhookFilterAnswer), nameof(WebhookFilterAnswer.Users))] = (schemas, field) => Several(field, UserId(schemas), WebhookFilter.Most),
        [(typeof(WebhooksAnswer), nameof(WebhooksAnswer.Webhooks))] = (_, field) => field["maxItems"] = Webhook.Most,
        [(typeof(WebhookAnswer), nameof(WebhookAnswer.WebhookId))] = (_, field) => field["pattern"] = WebhookIds,
        [(typeof(WebhookAnswer), nameof(WebhookAnswer.Cursor))] = (_, field) => Cursor(field),
        [(typeof(WebhookHealthAnswer), nameof(WebhookHealthAnswer.LastFailure))] = (_, field) => Words(field, WebhookFailure.All),
        [(typeof(WebhookHealthAnswer), nameof(WebhookHealthAnswer.DisabledReason))] = (_, field) => Words(field, Enum.GetValues<WebhookEnd>().Select(WebhookValues.Word)),
        [(typeof(WebhookSecretAnswer), nameof(WebhookSecretAnswer.Secret))] = (_, field) => field["pattern"] = $"^{WebhookSecrets.Prefix}[A-Za-z0-9+/]+=*$",
        [(typeof(WebhookTestAnswer), nameof(WebhookTestAnswer.Failure))] = (_, field) => Words(field, WebhookFailure.All),
        [(typeof(Forecast), nameof(Forecast.None))] = (_, field) => Words(field, [NoForecast.HistoryOff, NoForecast.TooLittleHistory, NoForecast.NotPredictable, NoForecast.NoUsualHours]),
        [(typeof(FailedEntry), nameof(FailedEntry.Code))] = (_, field) => Words(field, FailureCodes.OfBatchEntries),
    };

    /// <summary>Adds to the schema of a field what its type does not say.</summary>
    public static void Apply(ContractSchemas schemas, Type type, string property, JsonObject field)
    {
        switch (property)
        {
            case "UserId":
                Replace(field, UserId(schemas));
                break;
            case "ConversationId":
            case nameof(PresenceView.Joined) when type != typeof(CloudEventData):
                Replace(field, ConversationIdOf(schemas));
                break;
            default:
                if (Find(type, property) is { } limit)
                {
                    limit(schemas, field);
                }

                break;
        }

        if (field["type"] is JsonValue kind && kind.GetValue<string>() == "integer" && field["minimum"] is null)
        {
            field["minimum"] = 0;
        }
    }

    /// <summary>Every id of a user, as it is written everywhere but in the word <c>me</c>.</summary>
    public static JsonObject UserId(ContractSchemas schemas) => schemas.Named("UserId", new()
    {
        ["description"] = $"A user: 1 to {PresenceKey.MaxIdLength} characters of any kind (UTF-16 units). A guest is `{PresenceKey.AnonymousPrefix}` and its id; no other id may start so.",
        ["type"] = "string",
        ["minLength"] = 1,
        ["maxLength"] = PresenceKey.AnonymousPrefix.Length + PresenceKey.MaxIdLength,
        ["examples"] = new JsonArray("alice", "anon:guest-1"),
    });

    /// <summary>Every id of a conversation.</summary>
    public static JsonObject ConversationIdOf(ContractSchemas schemas) => schemas.Named("ConversationId", new()
    {
        ["description"] = $"A conversation: 1 to {ConversationId.MaxLength} ASCII letters, digits and `- . _ ~ @ :`.",
        ["type"] = "string",
        ["pattern"] = string.Create(CultureInfo.InvariantCulture, $"^[A-Za-z0-9._~@:-]{{1,{ConversationId.MaxLength}}}$"),
        ["examples"] = new JsonArray("team-1"),
    });

    public static JsonObject Words(IEnumerable<string> words) => new() { ["type"] = "string", ["enum"] = JsonText.Strings(words) };

    private static Action<ContractSchemas, JsonObject>? Find(Type? type, string property) =>
        type is null ? null : Of.GetValueOrDefault((type, property)) ?? Find(type.BaseType, property);

    private static void Replace(JsonObject field, JsonObject by)
    {
        field.Clear();
        foreach (var (name, value) in by)
        {
            field[name] = value!.DeepClone();
        }
    }

    private static void Several(JsonObject field, JsonObject each, int most) => (field["items"], field["maxItems"]) = (each, most);

    private static void Cursor(JsonObject field)
    {
        field["maxLength"] = EventCursor.MaxLength;
        field["pattern"] = "^[A-Za-z0-9_-]+$";
    }

    private static void Users(ContractSchemas schemas, JsonObject field, int least, int most)
    {
        field["items"] = UserId(schemas);
        if (least > 0)
        {
            field["minItems"] = least;
        }

        field["maxItems"] = most;
    }

    private static void Words(JsonObject field, IEnumerable<string> words)
    {
        var values = JsonText.Strings(words);
        if (field["type"] is JsonArray)
        {
            values.Add((JsonNode?)null);
        }

        field["enum"] = values;
    }

    private static void Length(JsonObject field, int least, int most)
    {
        if (least > 0)
        {
            field["minLength"] = least;
        }

        field["maxLength"] = most;
    }

    private static void Range(JsonObject field, double least, double most) => (field["minimum"], field["maximum"]) = (least, most);

    private static void DeviceName(JsonObject field)
    {
        Length(field, 1, Device.MaxId);
        field["pattern"] = "^[A-Za-z0-9_-]+$";
    }

    private static void Moment(JsonObject field)
    {
        field["pattern"] = Moments;
        field["examples"] = new JsonArray("2026-11-26T10:15:00Z");
    }

    private static void MomentOrDuration(JsonObject field)
    {
        field["pattern"] = $"{Moments}|{Durations}";
        field["examples"] = new JsonArray("2026-11-26T15:00:00Z", "PT30M");
    }

    private static void Duration(JsonObject field)
    {
        field["pattern"] = Durations;
        field["examples"] = new JsonArray("PT10S");
    }
}
