using System.Text.Json;
using System.Text.Json.Serialization;
using Presence.Core.Domain;
using Presence.Core.Ledger;

namespace Presence.Core.Webhooks;

/// <summary>Events as the route of the feed writes them.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(StatusWords), typeof(AvailabilityWords), typeof(LastSeenWords)])]
[JsonSerializable(typeof(CloudEvent[]))]
internal sealed partial class WebhookJson : JsonSerializerContext;

internal sealed class StatusWords() : JsonStringEnumConverter<PresenceStatus>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

internal sealed class AvailabilityWords() : JsonStringEnumConverter<Availability>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

internal sealed class LastSeenWords() : JsonStringEnumConverter<LastSeen>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
