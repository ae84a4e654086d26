using Presence.Client.Model;

namespace Presence.Client.Following;

/// <summary>The argument of <c>presence:snapshot</c>.</summary>
internal sealed record SnapshotMessage
{
    public IReadOnlyList<SnapshotConversation> Conversations { get; init; } = [];

    public IReadOnlyList<PresenceView> Users { get; init; } = [];
}

/// <summary>One conversation of a snapshot.</summary>
internal sealed record SnapshotConversation
{
    public string ConversationId { get; init; } = "";

    public Occupancy Occupancy { get; init; } = new();

    public IReadOnlyList<PresenceView> Users { get; init; } = [];

    public bool IsComplete { get; init; }

    public string Version { get; init; } = "";

    public string Mode { get; init; } = ConversationMode.Names;
}

/// <summary>The argument of <c>conversation:counts</c>.</summary>
internal sealed record CountsMessage
{
    public string ConversationId { get; init; } = "";

    public int Members { get; init; }

    public int Online { get; init; }

    public int Away { get; init; }

    public string Version { get; init; } = "";
}

/// <summary>The argument of <c>conversation:mode</c>.</summary>
internal sealed record ModeMessage
{
    public string ConversationId { get; init; } = "";

    public string Mode { get; init; } = ConversationMode.Names;

    public Occupancy Occupancy { get; init; } = new();

    public string Version { get; init; } = "";
}
