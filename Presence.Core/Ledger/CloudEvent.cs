using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Presence.Core.Domain;

namespace Presence.Core.Ledger;

/// <summary>An event as it is told: JSON after CloudEvents 1.0 (github.com/cloudevents/spec, "JSON Event Format", 1.0.2).</summary>
public sealed record CloudEvent
{
    /// <summary>The version of CloudEvents.</summary>
    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    /// <summary>User and version: the same each time the event is told, so that a double can be dropped.</summary>
    public required string Id { get; init; }

    /// <summary>Where it comes from.</summary>
    public string Source { get; init; } = "/presence";

    /// <summary>What it tells: one of <see cref="Types"/>.</summary>
    public required string Type { get; init; }

    /// <summary>Of whom: the user id.</summary>
    public required string Subject { get; init; }

    /// <summary>When the change was decided, UTC; of a user who does not want its last activity known exactly, only the day, by its begin.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The form of the data.</summary>
    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    /// <summary>The user since the change.</summary>
    public required CloudEventData Data { get; init; }

    /// <summary>The name of each kind.</summary>
    public static ImmutableArray<string> Types { get; } = [.. Enum.GetValues<UserEventKind>().Select(TypeOf)];

    /// <summary>An event as it is told.</summary>
    public static CloudEvent Of(UserEvent told) => new()
    {
        Id = told.Id,
        Type = TypeOf(told.Kind),
        Subject = told.User.ToString(),
        Time = told.At,
        Data = CloudEventData.Of(told),
    };

    /// <summary>What events of a kind are called.</summary>
    public static string TypeOf(UserEventKind kind) => kind switch
    {
        UserEventKind.Erased => "presence.erased",
        UserEventKind.Status => "presence.status",
        UserEventKind.Availability => "presence.availability",
        UserEventKind.Membership => "presence.membership",
        _ => throw new InvalidOperationException($"There is no kind {kind}."),
    };
}
