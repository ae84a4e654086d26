using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Data.Tables;
using Presence.Core.Domain;

namespace Presence.Core.TableStorage;

/// <summary>Who may see a user, in columns that most rows do not have. A precision that a newer version knows, and this one does not, counts as hidden.</summary>
internal static class SightEntities
{
    private const string IsHidden = nameof(Domain.Privacy.IsHidden);
    private const string LastSeen = nameof(Domain.Privacy.LastSeen);
    private const string SeenBy = nameof(Domain.Relations.SeenBy);
    private const string Sees = nameof(Domain.Relations.Sees);
    private const string SeenIn = nameof(Domain.Relations.SeenIn);
    private const string Blocks = nameof(Domain.Relations.Blocks);
    private const string BlockedConversations = nameof(Domain.Relations.BlockedConversations);
    private const string Guarded = nameof(Domain.Relations.Guarded);
    private const string ChangedAt = "SightChangedAt";

    public static TableEntity Set(this TableEntity entity, Privacy privacy)
    {
        entity[IsHidden] = privacy.IsHidden ? true : null;
        entity[LastSeen] = privacy.LastSeen == LastSeenPrecision.Exact ? null : privacy.LastSeen.ToString();
        return entity;
    }

    public static Privacy Privacy(this TableEntity entity)
    {
        var (isHidden, precision) = (entity.GetBoolean(IsHidden) ?? false, entity.GetString(LastSeen));
        return !isHidden && string.IsNullOrEmpty(precision) ? Domain.Privacy.Default
            : new(isHidden, string.IsNullOrEmpty(precision) ? LastSeenPrecision.Exact
                : Enum.TryParse<LastSeenPrecision>(precision, out var known) && Enum.IsDefined(known) ? known : LastSeenPrecision.Nobody);
    }

    public static TableEntity Set(this TableEntity entity, Relations relations)
    {
        entity[SeenBy] = ToText(relations.SeenBy);
        entity[Sees] = ToText(relations.Sees);
        entity[SeenIn] = ToText(relations.SeenIn);
        entity[Blocks] = relations.Blocks.IsEmpty ? null : JsonSerializer.Serialize(
            [.. relations.Blocks.Select(b => new StoredBlock(
                b.Other.ToString(), b.LastSeenAt?.ToUnixTimeMilliseconds(), b.Version, b.IsCoarse ? true : null))],
            SightJson.Plain.StoredBlockArray);
        entity[BlockedConversations] = ToText(relations.BlockedConversations);
        entity[Guarded] = ToText(relations.Guarded);
        entity[ChangedAt] = relations.ChangedAt;
        return entity;
    }

    /// <summary>The same for a row of which nothing else changes: a merge takes no column away, and so what there is none of is empty.</summary>
    public static TableEntity ToMerge(this Relations relations, string partition, string rowKey)
    {
        var entity = new TableEntity(partition, rowKey).Set(relations);
        foreach (var column in new[] { SeenBy, Sees, SeenIn, Blocks, BlockedConversations, Guarded })
        {
            entity[column] ??= "";
        }

        return entity;
    }

    public static Relations Relations(this TableEntity entity)
    {
        var relations = new Relations
        {
            SeenBy = entity.Users(SeenBy),
            Sees = entity.Users(Sees),
            SeenIn = entity.Conversations(SeenIn),
            Blocks = entity.GetString(Blocks) is { Length: > 0 } text
                ? [.. JsonSerializer.Deserialize(text, SightJson.Plain.StoredBlockArray)!.Select(b => new Block(
                    PresenceKey.Parse(b.Other), b.At is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, b.Version, b.IsCoarse == true))]
                : [],
            BlockedConversations = entity.Conversations(BlockedConversations),
            Guarded = entity.Conversations(Guarded),
            ChangedAt = entity.GetDateTimeOffset(ChangedAt),
        };
        return relations is { AreNone: true, ChangedAt: null } ? Domain.Relations.None : relations;
    }

    private static ImmutableArray<PresenceKey> Users(this TableEntity entity, string column) => entity.GetString(column) is { Length: > 0 } text
        ? [.. JsonSerializer.Deserialize(text, SightJson.Plain.StringArray)!.Select(id => PresenceKey.Parse(id))]
        : [];

    private static ImmutableArray<string> Conversations(this TableEntity entity, string column) =>
        entity.GetString(column) is { Length: > 0 } text ? [.. text.Split(TableKeys.Separator)] : [];

    private static string? ToText(ImmutableArray<PresenceKey> users) =>
        users.IsEmpty ? null : JsonSerializer.Serialize([.. users.Select(u => u.ToString())], SightJson.Plain.StringArray);

    private static string? ToText(ImmutableArray<string> conversations) =>
        conversations.IsEmpty ? null : string.Join(TableKeys.Separator, conversations);
}

/// <summary>A block as it stands in a row; the time in Unix milliseconds.</summary>
internal sealed record StoredBlock(
    [property: JsonPropertyName("id")] string Other, [property: JsonPropertyName("at")] long? At, [property: JsonPropertyName("v")] long Version,
    [property: JsonPropertyName("c")] bool? IsCoarse = null);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredBlock[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class SightJson : JsonSerializerContext
{
    public static SightJson Plain { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
