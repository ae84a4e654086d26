using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Presence.Core.Domain;

namespace Presence.Core.Ledger;

/// <summary>The user of an event since the change, as others see it. Of one who was erased only who it was, and the version.</summary>
public sealed record CloudEventData
{
    /// <summary>The id; <c>anon:</c> + id for an anonymous participant.</summary>
    public required string UserId { get; init; }

    /// <summary>Whether this is an anonymous participant.</summary>
    public required bool IsAnonymous { get; init; }

    /// <summary>Rises strictly with each event of this user: what has no larger version than already known is late or double.</summary>
    public required long Version { get; init; }

    /// <summary>Online, away or offline.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PresenceStatus? Status { get; init; }

    /// <summary>How reachable the user is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Availability? Availability { get; init; }

    /// <summary>The line of text that was chosen.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>The emoji that was chosen.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Emoji { get; init; }

    /// <summary><c>mobile</c> where the user is here by mobile devices alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Device { get; init; }

    /// <summary>The last activity, UTC, where the user wants it known exactly.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LastActiveAt { get; init; }

    /// <summary>The same, while the user is offline.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>The same in a word, of one who does not want it known exactly, as it was at the time of the event.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LastSeen? LastSeen { get; init; }

    /// <summary>The conversations that the user is in.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? Conversations { get; init; }

    /// <summary>Those of them that it has come into with this event.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? Joined { get; init; }

    /// <summary>Those that it has left with this event.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? Left { get; init; }

    /// <summary>What an event tells.</summary>
    public static CloudEventData Of(UserEvent told)
    {
        var data = new CloudEventData { UserId = told.User.ToString(), IsAnonymous = told.User.IsAnonymous, Version = told.Version };
        return told.View is not { } view ? data : data with
        {
            Status = view.Status,
            Availability = view.Availability,
            Text = view.Text,
            Emoji = view.Emoji,
            Device = view.Device,
            LastActiveAt = view.LastActiveAt,
            LastSeenAt = view.LastSeenAt,
            LastSeen = view.LastSeen,
            Conversations = told.Conversations,
            Joined = told.Joined.IsEmpty ? null : told.Joined,
            Left = told.Left.IsEmpty ? null : told.Left,
        };
    }
}
