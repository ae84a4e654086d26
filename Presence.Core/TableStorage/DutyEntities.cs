using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>
/// Duties as rows: what is owed is one JSON text. A status is kept by its name, and a part that is not known here, because a newer version
/// has written it, is passed over.
/// </summary>
internal static class DutyEntities
{
    /// <summary>When it was due first, however often it has been put off since.</summary>
    public const string FirstDueAt = "FirstDueAt";

    private const string Content = "Duty";

    public static TableEntity ToEntity(this StoredDuty duty, string partition) => new(partition, TableKeys.Duty(duty.User, duty.Id))
    {
        [UserEntities.DueAt] = duty.DueAt,
        [FirstDueAt] = duty.DueAt,
        [Content] = JsonSerializer.Serialize(ToContent(duty.Duty), DutyJson.Default.DutyContent),
    };

    public static StoredDuty ToDuty(this TableEntity entity)
    {
        var end = entity.RowKey.LastIndexOf(TableKeys.Separator);
        var user = TableKeys.UserOf(entity.RowKey[..end], TableKeys.DutyPrefix);
        var content = JsonSerializer.Deserialize(entity.GetString(Content), DutyJson.Default.DutyContent)
            ?? throw new InvalidDataException("A duty says nothing.");
        var dueAt = entity.GetDateTimeOffset(UserEntities.DueAt) ?? default;
        return new(user, entity.RowKey[(end + 1)..], ToDuty(user, content), dueAt, entity.ETag.ToString());
    }

    private static DutyContent ToContent(Duty duty) => new()
    {
        News = duty.News is { } news
            ? new()
            {
                Status = news.View.Status,
                Availability = news.View.NamedAvailability(),
                Text = news.View.Text,
                Emoji = news.View.Emoji,
                Device = news.View.Device,
                LastActiveAt = news.View.LastActiveAt,
                LastSeenAt = news.View.LastSeenAt,
                HiddenLastSeenAt = news.View.HiddenLastSeenAt,
                Version = news.View.Version,
                Conversations = [.. news.Conversations],
                IsWatched = news.IsWatched,
                IsOfJoining = news.IsOfJoining,
                DecidedAt = news.DecidedAt,
                Only = news.Only?.ToString(),
                OnlyMembersOf = news.OnlyMembersOf,
                FarewellIn = news.FarewellIn,
                FarewellVersion = news.FarewellIn is null ? null : news.FarewellVersion,
            }
            : null,
        Roster = duty.Roster is { } roster
            ? new()
            {
                Revision = roster.Revision,
                Status = roster.View.Status,
                Availability = roster.View.NamedAvailability(),
                Text = roster.View.Text,
                Emoji = roster.View.Emoji,
                Device = roster.View.Device,
                LastActiveAt = roster.View.LastActiveAt,
                LastSeenAt = roster.View.LastSeenAt,
                HiddenLastSeenAt = roster.View.HiddenLastSeenAt,
                HiddenFrom = roster.View.HiddenFrom,
                Version = roster.View.Version,
                Places = [.. roster.Places.Select(p => new PlaceContent { Conversation = p.ConversationId, IsNamed = p.IsNamed, Replaces = p.Replaces })],
            }
            : null,
        Connections = [.. duty.Connections],
        Entered = [.. duty.Entered],
        Watched = [.. duty.Watched.Select(u => u.ToString())],
        Exited = [.. duty.Exited],
        Unwatched = duty.Unwatched.IsEmpty ? null : [.. duty.Unwatched.Select(u => u.ToString())],
        IsUntimed = duty.IsUntimed,
        IsRestricted = duty.IsRestricted,
        IsWelcome = duty.IsWelcome,
        IsToldToOneself = duty.IsToldToOneself,
        GivingWay = [.. duty.GivingWay],
        Closes = duty.Closes,
    };

    private static Duty ToDuty(PresenceKey user, DutyContent content) => new()
    {
        News = content.News is { } news
            ? new(user, ToView(user, news), [.. news.Conversations], news.IsWatched, news.DecidedAt)
            {
                Only = news.Only is { } only ? PresenceKey.Parse(only) : null, OnlyMembersOf = news.OnlyMembersOf, FarewellIn = news.FarewellIn, FarewellVersion = news.FarewellVersion ?? 0,
                IsOfJoining = news.IsOfJoining,
            }
            : null,
        Roster = content.Roster is { } roster
            ? new(
                roster.Revision,
                ToView(user, roster),
                [.. roster.Places.Select(p => new RosterPlace(p.Conversation, p.IsNamed, p.Replaces))])
            : null,
        Connections = [.. content.Connections],
        Entered = [.. content.Entered],
        Watched = [.. content.Watched.Select(id => PresenceKey.Parse(id))],
        Exited = [.. content.Exited],
        Unwatched = [.. content.Unwatched?.Select(id => PresenceKey.Parse(id)) ?? []],
        IsUntimed = content.IsUntimed,
        IsRestricted = content.IsRestricted,
        IsWelcome = content.IsWelcome,
        IsToldToOneself = content.IsToldToOneself,
        GivingWay = [.. content.GivingWay],
        Closes = content.Closes,
    };

    private static PresenceView ToView(PresenceKey user, ViewContent content) => new PresenceView
    {
        UserId = user.ToString(),
        IsAnonymous = user.IsAnonymous,
        Status = content.Status,
        Text = content.Text,
        Emoji = content.Emoji,
        Device = content.Device,
        LastActiveAt = content.LastActiveAt,
        LastSeenAt = content.LastSeenAt,
        HiddenLastSeenAt = content.HiddenLastSeenAt,
        HiddenFrom = content.HiddenFrom,
        Version = content.Version,
    }.WithAvailability(content.Availability);
}

/// <summary>The text of a duty.</summary>
internal sealed record DutyContent
{
    public NewsContent? News { get; init; }

    public RosterContent? Roster { get; init; }

    public string[] Connections { get; init; } = [];

    public string[] Entered { get; init; } = [];

    public string[] Watched { get; init; } = [];

    public string[] Exited { get; init; } = [];

    public string[]? Unwatched { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsUntimed { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsRestricted { get; init; }

    public bool IsWelcome { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsToldToOneself { get; init; }

    public string[] GivingWay { get; init; } = [];

    public bool Closes { get; init; }
}

/// <summary>A view in a duty. What is required is written even where it is the default, as offline is.</summary>
internal abstract record ViewContent
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required PresenceStatus Status { get; init; }

    /// <summary>Where that says more than the status.</summary>
    public string? Availability { get; init; }

    public string? Text { get; init; }

    public string? Emoji { get; init; }

    public string? Device { get; init; }

    public DateTimeOffset? LastActiveAt { get; init; }

    public DateTimeOffset? LastSeenAt { get; init; }

    public DateTimeOffset? HiddenLastSeenAt { get; init; }

    public string? HiddenFrom { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required long Version { get; init; }
}

/// <summary>The news of a duty.</summary>
internal sealed record NewsContent : ViewContent
{
    public string[] Conversations { get; init; } = [];

    public bool IsWatched { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsOfJoining { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateTimeOffset DecidedAt { get; init; }

    public string? Only { get; init; }

    public string? OnlyMembersOf { get; init; }

    public string? FarewellIn { get; init; }

    public long? FarewellVersion { get; init; }
}

/// <summary>What a duty owes to rosters.</summary>
internal sealed record RosterContent : ViewContent
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required long Revision { get; init; }

    public PlaceContent[] Places { get; init; } = [];
}

/// <summary>One roster of them.</summary>
internal sealed record PlaceContent
{
    public required string Conversation { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required bool IsNamed { get; init; }

    public long? Replaces { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DutyContent))]
internal sealed partial class DutyJson : JsonSerializerContext;
