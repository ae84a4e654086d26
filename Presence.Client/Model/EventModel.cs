namespace Presence.Client.Model;

/// <summary>The types of events that are known. A newer server may tell of others; skip those.</summary>
public static class PresenceEventType
{
    /// <summary>The user was erased: erase what is kept of it as well.</summary>
    public const string Erased = "presence.erased";

    /// <summary>Others see another status.</summary>
    public const string Status = "presence.status";

    /// <summary>They see the same status, and another availability, text, emoji or device, or another kind of last seen.</summary>
    public const string Availability = "presence.availability";

    /// <summary>The user has come into a conversation, or has left one.</summary>
    public const string Membership = "presence.membership";
}

/// <summary>A page of the feed of events.</summary>
public sealed record EventPage
{
    /// <summary>What to ask behind for a cursor from now on: no event, and where the later ones begin.</summary>
    public const string Latest = "latest";

    /// <summary>The events, up to 1,000; those of one user in the order of their versions. Each is told at least once.</summary>
    public IReadOnlyList<PresenceEvent> Events { get; init => field = value ?? []; } = [];

    /// <summary>What to ask behind next time. Kept once the events are dealt with, it lets none be missed.</summary>
    public string Cursor { get; init => field = value ?? ""; } = "";

    /// <summary>Whether there is more already; otherwise ask again after a moment.</summary>
    public bool HasMore { get; init; }
}

/// <summary>An event, after CloudEvents 1.0.</summary>
public sealed record PresenceEvent
{
    /// <summary>The version of CloudEvents: <c>1.0</c>.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("specversion")]
    public string SpecVersion { get; init => field = value ?? ""; } = "";

    /// <summary>User and version: the same each time the event is told, so that a double can be dropped.</summary>
    public string Id { get; init => field = value ?? ""; } = "";

    /// <summary>Where it comes from.</summary>
    public string Source { get; init => field = value ?? ""; } = "";

    /// <summary>One of <see cref="PresenceEventType"/>, or what a newer server says.</summary>
    public string Type { get; init => field = value ?? ""; } = "";

    /// <summary>Of whom: the user id; <c>anon:</c> + id for a guest.</summary>
    public string Subject { get; init => field = value ?? ""; } = "";

    /// <summary>When the change was decided, UTC; of a user who does not want its last activity known exactly, only the day, by its begin.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The form of the data: <c>application/json</c>.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init => field = value ?? ""; } = "";

    /// <summary>The user since then.</summary>
    public PresenceEventData Data { get; init => field = value ?? new(); } = new();
}

/// <summary>The user of an event since the change, as others see it. Of one who was erased only who it was, and the version: all else is null.</summary>
public sealed record PresenceEventData
{
    /// <summary>The id; <c>anon:</c> + id for a guest.</summary>
    public string UserId { get; init => field = value ?? ""; } = "";

    /// <summary>Whether this is a guest.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Rises strictly with each event of the user: what is not larger than one that is known is late or double.</summary>
    public long Version { get; init; }

    /// <summary>One of <see cref="PresenceStatus"/>, or what a newer server says.</summary>
    public string? Status { get; init; }

    /// <summary>One of <see cref="Model.Availability"/>, or what a newer server says.</summary>
    public string? Availability { get; init; }

    /// <summary>The line of text that was chosen; null for none.</summary>
    public string? Text { get; init; }

    /// <summary>The emoji that was chosen; null for none.</summary>
    public string? Emoji { get; init; }

    /// <summary><c>mobile</c> where the user is here by mobile devices alone; null otherwise.</summary>
    public string? Device { get; init; }

    /// <summary>The last activity, UTC, where the user wants it known exactly.</summary>
    public DateTimeOffset? LastActiveAt { get; init; }

    /// <summary>The same, while the user is offline.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>In words, of one who does not say exactly, as it was at the time of the event: <c>recently</c>, <c>withinWeek</c>, <c>withinMonth</c>, <c>longAgo</c>.</summary>
    public string? LastSeen { get; init; }

    /// <summary>The conversations that the user is in.</summary>
    public IReadOnlyList<string>? Conversations { get; init; }

    /// <summary>Those of them that it has come into with this event; null for none.</summary>
    public IReadOnlyList<string>? Joined { get; init; }

    /// <summary>Those that it has left with this event; null for none.</summary>
    public IReadOnlyList<string>? Left { get; init; }
}
