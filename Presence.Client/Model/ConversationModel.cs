namespace Presence.Client.Model;

/// <summary>How many are in a conversation, and how many of them are online and away.</summary>
public sealed record Occupancy
{
    /// <summary>How many it names.</summary>
    public int Members { get; init; }

    /// <summary>How many of them are online.</summary>
    public int Online { get; init; }

    /// <summary>How many of them are away.</summary>
    public int Away { get; init; }
}

/// <summary>A conversation of the caller, with counts.</summary>
public sealed record ConversationCounts
{
    /// <summary>Which.</summary>
    public string ConversationId { get; init => field = value ?? ""; } = "";

    /// <summary>How many are in it.</summary>
    public int Members { get; init; }

    /// <summary>How many of them are online.</summary>
    public int Online { get; init; }

    /// <summary>How many of them are away.</summary>
    public int Away { get; init; }
}

/// <summary>The caller's conversations.</summary>
public sealed record ConversationList
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<ConversationCounts> Conversations { get; init => field = value ?? []; } = [];
}

/// <summary>A page of who is in a conversation.</summary>
public sealed record RosterPage
{
    /// <summary>Which conversation.</summary>
    public string ConversationId { get; init => field = value ?? ""; } = "";

    /// <summary>The counts of all.</summary>
    public Occupancy Occupancy { get; init => field = value ?? new(); } = new();

    /// <summary>Who: all from the end of the page before on, or those of them who changed.</summary>
    public IReadOnlyList<PresenceView> Users { get; init => field = value ?? []; } = [];

    /// <summary>Where the next page begins; null for the last.</summary>
    public string? NextAfter { get; init; }

    /// <summary>Of the last page, what to hand back as <c>since</c>.</summary>
    public string Version { get; init => field = value ?? ""; } = "";

    /// <summary>Whether the page names all whom it is about; else those who changed.</summary>
    public bool IsComplete { get; init; }

    /// <summary>One of <see cref="ConversationMode"/>.</summary>
    public string Mode { get; init => field = value ?? ConversationMode.Names; } = ConversationMode.Names;

    /// <summary>Whether nothing has changed since the version that was asked by: the answer was 304, and only <see cref="Version"/> is known.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsUnchanged { get; init; }
}

/// <summary>What is asked of a roster.</summary>
public sealed record RosterQuery
{
    /// <summary>The most users on a page, 1 to 1,000; null for the server's own 200.</summary>
    public int? Limit { get; init; }

    /// <summary>Where the page begins: <see cref="RosterPage.NextAfter"/> of the page before.</summary>
    public string? After { get; init; }

    /// <summary>The version that the caller has; <c>0</c> to have all as it is now; null where it has none.</summary>
    public string? Since { get; init; }

    /// <summary>For pages after the first: <see cref="RosterPage.Version"/> of the page before.</summary>
    public string? Version { get; init; }
}

/// <summary>The answer to showing a state.</summary>
public sealed record ShownState
{
    /// <summary>To which conversation.</summary>
    public string ConversationId { get; init => field = value ?? ""; } = "";

    /// <summary>How long it holds.</summary>
    public double TtlSeconds { get; init; }

    /// <summary>Rises strictly per user, in a sequence of its own.</summary>
    public long Version { get; init; }
}

/// <summary>The answer to a change of membership.</summary>
public sealed record Membership
{
    /// <summary>Which conversation.</summary>
    public string ConversationId { get; init => field = value ?? ""; } = "";

    /// <summary>Who.</summary>
    public string UserId { get; init => field = value ?? ""; } = "";

    /// <summary>Whether the user is in it now.</summary>
    public bool IsMember { get; init; }

    /// <summary>Whether that was different before.</summary>
    public bool Changed { get; init; }
}
