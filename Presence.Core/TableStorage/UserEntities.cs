using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Data.Tables;
using Presence.Core.Domain;

namespace Presence.Core.TableStorage;

/// <summary>The rows of a user, to and from records.</summary>
internal static class UserEntities
{
    public const string DueAt = nameof(OnlineRecord.DueAt);
    public const string LastSeenAt = nameof(ProfileRecord.LastSeenAt);

    /// <summary>What others are told, where that is not what <c>Status</c> says.</summary>
    public const string Shown = "Shown";

    /// <summary>Only rows of those who are kept out have it.</summary>
    public const string BannedUntil = nameof(ProfileRecord.BannedUntil);

    private const string EventAt = nameof(UserRecord.EventAt);
    private const string IsHere = "IsHere";
    private const string IsDisguised = "IsDisguised";
    private const string ShownLastSeenAt = "ShownLastSeenAt";
    private const string Open = nameof(ConnectionSet.Open);
    private const string Closed = nameof(ConnectionSet.Closed);

    public static TableEntity ToEntity(this OnlineRecord record, string partition, string rowKey) => new TableEntity(partition, rowKey)
    {
        [nameof(OnlineRecord.Since)] = record.Since,
        [nameof(OnlineRecord.LastActiveAt)] = record.LastActiveAt,
        [nameof(OnlineRecord.RecordedAt)] = record.RecordedAt,
        [nameof(OnlineRecord.LastClosedAt)] = record.LastClosedAt,
        [nameof(OnlineRecord.Status)] = record.Status.ToString(),
        [Shown] = new UserRecords(record, null).Status is var shown && shown != record.Status ? shown.ToString() : null,
        [Open] = ToText(record.Connections.Open),
        [Closed] = ToText(record.Connections.Closed),
        [nameof(OnlineRecord.Conversations)] = ToText(record.Conversations),
        [nameof(OnlineRecord.DefaultConversation)] = record.DefaultConversation,
        [nameof(OnlineRecord.IsWatched)] = record.IsWatched,
        [nameof(OnlineRecord.RevokedAt)] = record.RevokedAt,
        [nameof(OnlineRecord.Version)] = record.Version,
        [nameof(UserRecord.Revision)] = record.Revision,
        [nameof(UserRecord.Told)] = ToText(record.Told),
        [DueAt] = record.DueAt,
        [nameof(OnlineRecord.WriteId)] = record.WriteId,
    }.With(record);

    /// <summary>What an activity of a user who stays online changes.</summary>
    public static TableEntity ToRecordedEntity(this OnlineRecord record, string partition, string rowKey) => new(partition, rowKey)
    {
        [nameof(OnlineRecord.LastActiveAt)] = record.LastActiveAt,
        [nameof(OnlineRecord.RecordedAt)] = record.RecordedAt,
        [DueAt] = record.DueAt,
        [nameof(OnlineRecord.WriteId)] = record.WriteId,
    };

    public static OnlineRecord ToOnlineRecord(this TableEntity entity) => new()
    {
        Since = entity.Time(nameof(OnlineRecord.Since)),
        LastActiveAt = entity.Time(nameof(OnlineRecord.LastActiveAt)),
        // Rows written before there was this column recorded an activity when it happened.
        RecordedAt = entity.GetDateTimeOffset(nameof(OnlineRecord.RecordedAt)) ?? entity.Time(nameof(OnlineRecord.LastActiveAt)),
        LastClosedAt = entity.GetDateTimeOffset(nameof(OnlineRecord.LastClosedAt)),
        Status = entity.ToSessionStatus(),
        Connections = entity.Connections(),
        Conversations = entity.Conversations(),
        IsWatched = entity.GetBoolean(nameof(OnlineRecord.IsWatched)) ?? false,
        RevokedAt = entity.GetDateTimeOffset(nameof(UserRecord.RevokedAt)),
        DefaultConversation = entity.GetString(nameof(OnlineRecord.DefaultConversation)),
        SignedOutDevices = ToMarks(entity.GetString(nameof(UserRecord.SignedOutDevices))),
        Privacy = entity.Privacy(),
        Relations = entity.Relations(),
        Choice = entity.Choice(nameof(UserRecord.Choice)),
        ApplicationChoice = entity.Choice(nameof(UserRecord.ApplicationChoice)),
        Disguise = entity.Disguise(),
        EventAt = entity.ToEventAt(),
        Version = entity.Version(),
        Revision = entity.Revision(),
        Told = entity.Told(),
        DueAt = entity.Time(DueAt),
        WriteId = entity.GetString(nameof(OnlineRecord.WriteId)) ?? "",
    };

    public static TableEntity ToEntity(this ProfileRecord record, string partition, string rowKey) => new TableEntity(partition, rowKey)
    {
        [LastSeenAt] = record.LastSeenAt,
        [nameof(ProfileRecord.LeftAt)] = record.LeftAt,
        [nameof(ProfileRecord.SignedOutAt)] = record.SignedOutAt,
        [nameof(ProfileRecord.TouchedAt)] = record.TouchedAt,
        [BannedUntil] = record.BannedUntil,
        [Open] = ToText(record.Connections.Open),
        [Closed] = ToText(record.Connections.Closed),
        [nameof(ProfileRecord.Conversations)] = ToText(record.Conversations),
        [nameof(ProfileRecord.IsWatched)] = record.IsWatched,
        [nameof(ProfileRecord.RevokedAt)] = record.RevokedAt,
        [nameof(ProfileRecord.Version)] = record.Version,
        [nameof(UserRecord.Revision)] = record.Revision,
        [nameof(UserRecord.Told)] = ToText(record.Told),
        [nameof(ProfileRecord.WriteId)] = record.WriteId,
    }.With(record);

    /// <summary>The profile of one who comes says so, for whoever reads it first.</summary>
    public static TableEntity OfOneWhoIsHere(this TableEntity profile, bool isHere)
    {
        profile[IsHere] = isHere;
        return profile;
    }

    /// <summary>Of profiles, those known to be of users who are not here.</summary>
    public static RowFilter OnlyNotHere(RowFilter profiles) => profiles.And($"IsHere eq {false}");

    /// <summary>Whether a profile is known to be of one who is not here; rows written before there was this column do not say.</summary>
    public static bool SaysNotHere(this TableEntity profile) => profile.TryGetValue(IsHere, out var isHere) && isHere is false;

    public static ProfileRecord ToProfileRecord(this TableEntity entity) => new()
    {
        LastSeenAt = entity.GetDateTimeOffset(LastSeenAt),
        LeftAt = entity.GetDateTimeOffset(nameof(ProfileRecord.LeftAt)),
        SignedOutAt = entity.GetDateTimeOffset(nameof(ProfileRecord.SignedOutAt)),
        TouchedAt = entity.ToTouchedAt(),
        BannedUntil = entity.GetDateTimeOffset(BannedUntil),
        Connections = entity.Connections(),
        Conversations = entity.Conversations(),
        IsWatched = entity.GetBoolean(nameof(OnlineRecord.IsWatched)) ?? false,
        RevokedAt = entity.GetDateTimeOffset(nameof(UserRecord.RevokedAt)),
        SignedOutDevices = ToMarks(entity.GetString(nameof(UserRecord.SignedOutDevices))),
        Privacy = entity.Privacy(),
        Relations = entity.Relations(),
        Choice = entity.Choice(nameof(UserRecord.Choice)),
        ApplicationChoice = entity.Choice(nameof(UserRecord.ApplicationChoice)),
        Disguise = entity.Disguise(),
        EventAt = entity.ToEventAt(),
        Version = entity.Version(),
        Revision = entity.Revision(),
        Told = entity.Told(),
        WriteId = entity.GetString(nameof(ProfileRecord.WriteId)) ?? "",
    };

    /// <summary>Whether a row is of somebody who is here and whom others are not to see.</summary>
    public static bool IsOfOneUnseen(this TableEntity entity) => entity.ContainsKey(IsDisguised);

    public static TableEntity ToTombstone(this ProfileRecord record, string partition, string rowKey) => new(partition, rowKey)
    {
        [nameof(ProfileRecord.ErasedAt)] = record.ErasedAt,
        [BannedUntil] = record.BannedUntil,
        [EventAt] = record.EventAt?.UtcTicks,
        [nameof(UserRecord.Revision)] = record.Revision,
        [nameof(ProfileRecord.WriteId)] = record.WriteId,
    };

    public static ProfileRecord ToErasedProfile(this TableEntity entity) => ProfileRecord.Tombstone(entity.Time(nameof(ProfileRecord.ErasedAt))) with
    {
        BannedUntil = entity.GetDateTimeOffset(BannedUntil),
        EventAt = entity.ToEventAt(),
        Revision = entity.Revision(),
        WriteId = entity.GetString(nameof(ProfileRecord.WriteId)) ?? "",
    };

    public static TableEntity ToRosterEntity(this PresenceView view, string partition, string rowKey) => new(partition, rowKey)
    {
        [nameof(PresenceView.Status)] = view.Status.ToString(),
        [nameof(PresenceView.Availability)] = view.NamedAvailability(),
        [nameof(PresenceView.Text)] = view.Text,
        [nameof(PresenceView.Emoji)] = view.Emoji,
        [nameof(PresenceView.Device)] = view.Device,
        [nameof(PresenceView.LastActiveAt)] = view.LastActiveAt,
        [nameof(PresenceView.LastSeenAt)] = view.LastSeenAt,
        [nameof(PresenceView.HiddenLastSeenAt)] = view.HiddenLastSeenAt,
        [nameof(PresenceView.HiddenFrom)] = view.HiddenFrom,
        [nameof(PresenceView.Version)] = view.Version,
    };

    public static PresenceView ToView(this TableEntity entity, PresenceKey user) => new PresenceView
    {
        UserId = user.ToString(),
        IsAnonymous = user.IsAnonymous,
        Status = entity.ToStatus(),
        Text = entity.GetString(nameof(PresenceView.Text)),
        Emoji = entity.GetString(nameof(PresenceView.Emoji)),
        Device = entity.GetString(nameof(PresenceView.Device)),
        LastActiveAt = entity.GetDateTimeOffset(nameof(PresenceView.LastActiveAt)),
        LastSeenAt = entity.GetDateTimeOffset(nameof(PresenceView.LastSeenAt)),
        HiddenLastSeenAt = entity.GetDateTimeOffset(nameof(PresenceView.HiddenLastSeenAt)),
        HiddenFrom = entity.GetString(nameof(PresenceView.HiddenFrom)),
        Version = entity.Version(),
    }.WithAvailability(entity.GetString(nameof(PresenceView.Availability)));

    /// <summary>The name of an availability that says more than the status does; null where that says it all.</summary>
    public static string? NamedAvailability(this PresenceView view) =>
        view.Availability == AvailabilityName.Implied(view.Status) ? null : AvailabilityName.Of(view.Availability);

    /// <summary>The view with the availability of this name; where there is none, or it is not known here, the status says it all.</summary>
    public static PresenceView WithAvailability(this PresenceView view, string? name) =>
        AvailabilityName.Find(name) is { } availability && AvailabilityName.StatusOf(availability) == view.Status ? view with { Availability = availability } : view;

    /// <summary>What others are told.</summary>
    public static PresenceStatus ToStatus(this TableEntity entity) =>
        entity.GetString(Shown) is { Length: > 0 } shown ? StatusName.Parse(shown) : entity.ToSessionStatus();

    /// <summary>What connections and activity say; of a row of a roster, what others are told.</summary>
    private static PresenceStatus ToSessionStatus(this TableEntity entity) => entity.GetString(nameof(PresenceView.Status)) is { Length: > 0 } name
        ? StatusName.Parse(name)
        : throw new InvalidDataException("The row has no status.");

    /// <summary>Rows written before there was this column have the time of their last write.</summary>
    private static DateTimeOffset? ToTouchedAt(this TableEntity entity) =>
        entity.GetDateTimeOffset(nameof(ProfileRecord.TouchedAt)) ?? (entity.ContainsKey(LastSeenAt) ? null : entity.Timestamp);

    /// <summary>What was chosen, in columns that most rows do not have.</summary>
    private static TableEntity With(this TableEntity entity, UserRecord record)
    {
        entity[nameof(UserRecord.SignedOutDevices)] = record.SignedOutDevices.IsEmpty ? null : ToText(record.SignedOutDevices);
        entity.Set(record.Privacy).Set(record.Relations);
        entity[nameof(UserRecord.Choice)] = ToText(record.Choice);
        entity[nameof(UserRecord.ApplicationChoice)] = ToText(record.ApplicationChoice);
        entity[IsDisguised] = record.Disguise is null ? null : true;
        entity[ShownLastSeenAt] = record.Disguise?.LastSeenAt;
        entity[EventAt] = record.EventAt?.UtcTicks;
        return entity;
    }

    /// <summary>When the last event of the row's user was sent, to the tick; null in rows of an older version.</summary>
    public static DateTimeOffset? ToEventAt(this TableEntity entity) =>
        entity.TryGetValue(EventAt, out var kept) && kept is long ticks && ticks > 0 && ticks <= DateTime.MaxValue.Ticks ? new(ticks, TimeSpan.Zero) : null;

    private static Disguise? Disguise(this TableEntity entity) =>
        entity.ContainsKey(IsDisguised) ? new(entity.GetDateTimeOffset(ShownLastSeenAt)) : null;

    private static Choice? Choice(this TableEntity entity, string column) =>
        string.IsNullOrEmpty(entity.GetString(column)) ? null
        : JsonSerializer.Deserialize(entity.GetString(column), StoredMarks.Plain.StoredChoice) is { } stored
            ? new(AvailabilityName.FindChosen(stored.Availability) ?? ChosenAvailability.Automatic, stored.Text, stored.Emoji, stored.Until)
            : null;

    private static string? ToText(Choice? choice) => choice is null
        ? null
        : JsonSerializer.Serialize(
            new StoredChoice(AvailabilityName.Of(choice.Availability), choice.Text, choice.Emoji, choice.Until), StoredMarks.Plain.StoredChoice);

    internal static DateTimeOffset Time(this TableEntity entity, string name) =>
        entity.GetDateTimeOffset(name) ?? throw new InvalidDataException($"The row has no {name}.");

    /// <summary>In rows written before there was this column, rosters were told with the news alone.</summary>
    private static long Revision(this TableEntity entity) => entity.GetInt64(nameof(UserRecord.Revision)) ?? entity.Version();

    private static ImmutableArray<long> Told(this TableEntity entity) => entity.GetString(nameof(UserRecord.Told)) is { Length: > 0 } text
        ? [.. text.Split(TableKeys.Separator).Select(revision => long.Parse(revision, CultureInfo.InvariantCulture))]
        : [];

    private static long Version(this TableEntity entity) => entity.GetInt64(nameof(PresenceView.Version)) ?? 0;

    private static ConnectionSet Connections(this TableEntity entity) => new(ToMarks(entity.GetString(Open)), ToMarks(entity.GetString(Closed)));

    internal static ImmutableArray<string> Conversations(this TableEntity entity) =>
        entity.GetString(nameof(OnlineRecord.Conversations)) is { Length: > 0 } text ? [.. text.Split(TableKeys.Separator)] : [];

    private static string ToText(ImmutableArray<long> revisions) =>
        string.Join(TableKeys.Separator, revisions.Select(revision => revision.ToString(CultureInfo.InvariantCulture)));

    private static string ToText(ImmutableArray<string> conversations) => string.Join(TableKeys.Separator, conversations);

    private static string ToText(ImmutableArray<ConnectionMark> marks) => marks.IsEmpty
        ? ""
        : JsonSerializer.Serialize([.. marks.Select(ToStored)], StoredMarks.Plain.StoredMarkArray);

    private static ImmutableArray<ConnectionMark> ToMarks(string? text) => string.IsNullOrEmpty(text)
        ? []
        : [.. JsonSerializer.Deserialize(text, StoredMarks.Plain.StoredMarkArray)!
            .Select(m => new ConnectionMark(m.Id, DateTimeOffset.FromUnixTimeMilliseconds(m.At), m.ToDevice(), m.IsWatching == true))];

    private static StoredMark ToStored(ConnectionMark mark) =>
        new(mark.Id, mark.At.ToUnixTimeMilliseconds(), mark.Device?.Id, mark.Device?.Kind, mark.Device?.IsForeground, mark.IsWatching ? true : null);
}

/// <summary>A connection as it stands in a row; the time in Unix milliseconds.</summary>
internal sealed record StoredMark(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("at")] long At,
    [property: JsonPropertyName("dev")] string? Device = null,
    [property: JsonPropertyName("kind")] string? Kind = null,
    [property: JsonPropertyName("fg")] bool? IsForeground = null,
    [property: JsonPropertyName("w")] bool? IsWatching = null)
{
    public Device? ToDevice() => (Device, Kind, IsForeground) is (null, null, null) ? null : new(Device, Kind, IsForeground);
}

/// <summary>A choice as it stands in a row. An availability that a newer version knows, and this one does not, counts as automatic.</summary>
internal sealed record StoredChoice(string Availability, string? Text, string? Emoji, DateTimeOffset? Until);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredChoice))]
[JsonSerializable(typeof(StoredMark[]))]
internal sealed partial class StoredMarks : JsonSerializerContext
{
    /// <summary>Characters are written as they are, so that what fits into a property can be told from their number.</summary>
    public static StoredMarks Plain { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
