using System.Text.Json.Serialization;

namespace Presence.Core.Domain;

/// <summary>What others may know of a user: the argument of <c>user:status</c>, an entry of a roster, the answer to a look-up.</summary>
public record PresenceView
{
    /// <summary>The id; <c>anon:</c> + id for an anonymous participant.</summary>
    public required string UserId { get; init; }

    /// <summary>Whether this is an anonymous participant.</summary>
    public required bool IsAnonymous { get; init; }

    /// <summary>False exactly if <see cref="Status"/> is offline.</summary>
    public bool IsOnline => Status != PresenceStatus.Offline;

    /// <summary>Online, away or offline.</summary>
    public required PresenceStatus Status
    {
        get => AvailabilityName.StatusOf(Availability);
        init => Availability = AvailabilityName.StatusOf(Availability) == value ? Availability : AvailabilityName.Implied(value);
    }

    /// <summary>How reachable the user is: what <see cref="Status"/> says, more exactly.</summary>
    public Availability Availability { get; init; }

    /// <summary>The line of text that was chosen; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>The emoji that was chosen; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Emoji { get; init; }

    /// <summary><c>mobile</c> where the user is here by mobile devices alone; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Device { get; init; }

    /// <summary>In a message of somebody who has just come into a conversation: which. Null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Joined { get; init; }

    /// <summary>The last recorded activity, UTC; null if there never was one.</summary>
    public required DateTimeOffset? LastActiveAt { get; init; }

    /// <summary>While offline, the last activity before leaving, UTC; null while the user is here or if it was never seen.</summary>
    public required DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>When the user was last active, of one who does not want to say it exactly; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LastSeen? LastSeen { get; init; }

    /// <summary>Rises strictly with each change of status of this user: what has no larger version than already known is late or double.</summary>
    public required long Version { get; init; }

    /// <summary>The moment that <see cref="LastSeen"/> says in words: for what is kept, never for others. Null where there is none to hide.</summary>
    internal DateTimeOffset? HiddenLastSeenAt { get; init; }

    /// <summary>The conversations whose members are not told this, divided by <c>|</c>: for what is kept, never for others. Null for none.</summary>
    internal string? HiddenFrom { get; init; }

    /// <summary>The same, with the last activity as exact as the user wants it told.</summary>
    internal PresenceView As(LastSeenPrecision precision) => precision == LastSeenPrecision.Exact
        ? this
        : Untimed() with { HiddenLastSeenAt = precision == LastSeenPrecision.Coarse && !IsOnline ? LastSeenAt : null };

    /// <summary>The same, as it is told at the moment given: what is said in words depends on it.</summary>
    internal PresenceView At(DateTimeOffset now) => (HiddenLastSeenAt, HiddenFrom) is (null, null) ? this : this with
    {
        HiddenFrom = null,
        HiddenLastSeenAt = null,
        LastSeen = (now - HiddenLastSeenAt) switch
        {
            null => LastSeen,
            { TotalDays: < 3 } => Domain.LastSeen.Recently,
            { TotalDays: < 7 } => Domain.LastSeen.WithinWeek,
            { TotalDays: < 30 } => Domain.LastSeen.WithinMonth,
            _ => Domain.LastSeen.LongAgo,
        },
    };

    /// <summary>The same, without a word of when the user was last active.</summary>
    internal PresenceView Untimed() => LastActiveAt is null && LastSeen is null && HiddenLastSeenAt is null
        ? this
        : this with { LastActiveAt = null, LastSeenAt = null, LastSeen = null, HiddenLastSeenAt = null };

    /// <summary>
    /// The most bytes that it takes as JSON, with a comma, up to the year 2286: all but the id and what was chosen is of one length, and a character
    /// of these is escaped by up to six.
    /// </summary>
    internal int MostBytes => (LastSeenAt is null ? 177 : 204) + (LastSeen is null && HiddenLastSeenAt is null ? 0 : 25) + AvailabilityName.Of(Availability).Length + BytesOf(UserId)
        + (Text is null ? 0 : 10 + BytesOf(Text)) + (Emoji is null ? 0 : 11 + BytesOf(Emoji)) + (Device is null ? 0 : 12 + BytesOf(Device));

    private static int BytesOf(string text) => text.Sum(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' or '@' or ':' or ' ' ? 1 : 6);
}
