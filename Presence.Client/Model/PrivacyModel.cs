namespace Presence.Client.Model;

/// <summary>What others may know of a user; where it is chosen, what is null stays.</summary>
public sealed record Privacy
{
    /// <summary><c>default</c> or <c>nobody</c>.</summary>
    public string? Visibility { get; init; }

    /// <summary><c>exact</c>, <c>coarse</c> or <c>nobody</c>.</summary>
    public string? LastSeen { get; init; }
}

/// <summary>Who may see a user, and whom it may see, beside what conversations say.</summary>
public sealed record VisibilityRelations
{
    /// <summary>The user.</summary>
    public string UserId { get; init => field = value ?? ""; } = "";

    /// <summary>What the user says itself: <c>default</c> or <c>nobody</c>.</summary>
    public string Visibility { get; init => field = value ?? ""; } = "";

    /// <summary>The same of when it was last active.</summary>
    public string LastSeen { get; init => field = value ?? ""; } = "";

    /// <summary>Who may see it.</summary>
    public IReadOnlyList<string> AllowedUsers { get; init => field = value ?? []; } = [];

    /// <summary>Whose members may see it.</summary>
    public IReadOnlyList<string> AllowedConversations { get; init => field = value ?? []; } = [];

    /// <summary>Whom it may see.</summary>
    public IReadOnlyList<string> MaySee { get; init => field = value ?? []; } = [];

    /// <summary>With whom neither sees the other.</summary>
    public IReadOnlyList<string> BlockedUsers { get; init => field = value ?? []; } = [];

    /// <summary>With whose members neither sees the other.</summary>
    public IReadOnlyList<string> BlockedConversations { get; init => field = value ?? []; } = [];
}
