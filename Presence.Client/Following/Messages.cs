using Presence.Client.Model;

namespace Presence.Client.Following;

/// <summary>The argument of <c>presence:snapshot</c>.</summary>
internal sealed record SnapshotMessage
{
    public IReadOnlyList<SnapshotConversation> Conversations { get; init => field = value ?? []; } = [];

    public IReadOnlyList<PresenceView> Users { get; init => field = value ?? []; } = [];
}

/// <summary>One conversation of a snapshot.</summary>
internal sealed record SnapshotConversation
{
    public string ConversationId { get; init => field = value ?? ""; } = "";

    public Occupancy Occupancy { get; init => field = value ?? new(); } = new();

    public IReadOnlyList<PresenceView> Users { get; init => field = value ?? []; } = [];

    public bool IsComplete { get; init; }

    public string Version { get; init => field = value ?? ""; } = "";

    public string Mode { get; init => field = value ?? ConversationMode.Names; } = ConversationMode.Names;
}

/// <summary>The argument of <c>conversation:counts</c>.</summary>
internal sealed record CountsMessage
{
    public string ConversationId { get; init => field = value ?? ""; } = "";

    public int Members { get; init; }

    public int Online { get; init; }

    public int Away { get; init; }

    public string Version { get; init => field = value ?? ""; } = "";
}

/// <summary>The argument of <c>conversation:left</c>.</summary>
internal sealed record LeftMessage
{
    public string ConversationId { get; init => field = value ?? ""; } = "";
}

/// <summary>The argument of <c>conversation:mode</c>.</summary>
internal sealed record ModeMessage
{
    public string ConversationId { get; init => field = value ?? ""; } = "";

    public string Mode { get; init => field = value ?? ConversationMode.Names; } = ConversationMode.Names;

    public Occupancy Occupancy { get; init => field = value ?? new(); } = new();

    public string Version { get; init => field = value ?? ""; } = "";
}
