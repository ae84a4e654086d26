using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Presence.Core.Domain;

/// <summary>What a member of a conversation shows of itself for a moment: the argument of <c>conversation:state</c>.</summary>
public sealed record LiveState
{
    /// <summary>The conversation it is shown to.</summary>
    public required string ConversationId { get; init; }

    /// <summary>Whose it is; <c>anon:</c> + id for an anonymous participant.</summary>
    public required string UserId { get; init; }

    /// <summary>Whether this is an anonymous participant.</summary>
    public required bool IsAnonymous { get; init; }

    /// <summary>Any JSON; null takes back what was shown before.</summary>
    public required JsonElement State { get; init; }

    /// <summary>How long it holds from the moment it is heard, unless another comes before.</summary>
    public required double TtlSeconds { get; init; }

    /// <summary>Rises strictly per user, in a sequence of its own: what has no larger one than already known is late.</summary>
    public required long Version { get; init; }

    /// <summary>The most bytes that it takes as JSON, with a comma: a character of an id is escaped by up to six.</summary>
    [JsonIgnore]
    internal int MostBytes => 160 + ConversationId.Length + (6 * UserId.Length) + JsonMarshal.GetRawUtf8Value(State).Length;
}
