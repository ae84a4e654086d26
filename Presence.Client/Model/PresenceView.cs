namespace Presence.Client.Model;

/// <summary>What others may know of a user.</summary>
public record PresenceView
{
    /// <summary>The id; <c>anon:</c> + id for a guest.</summary>
    public string UserId { get; init => field = value ?? ""; } = "";

    /// <summary>Whether this is a guest.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Whether the user is here, online or away.</summary>
    public bool IsOnline { get; init; }

    /// <summary>One of <see cref="PresenceStatus"/>, or what a newer server says.</summary>
    public string Status { get; init => field = value ?? PresenceStatus.Offline; } = PresenceStatus.Offline;

    /// <summary>One of <see cref="Model.Availability"/>, or what a newer server says.</summary>
    public string Availability { get; init => field = value ?? Model.Availability.Offline; } = Model.Availability.Offline;

    /// <summary>The line of text that was chosen; null for none.</summary>
    public string? Text { get; init; }

    /// <summary>The emoji that was chosen; null for none.</summary>
    public string? Emoji { get; init; }

    /// <summary><c>mobile</c> where the user is here by mobile devices alone; null otherwise.</summary>
    public string? Device { get; init; }

    /// <summary>In a message of somebody who has just come into a conversation: which. Null otherwise, and in what a follower knows.</summary>
    public string? Joined { get; init; }

    /// <summary>The last recorded activity; null if there never was one, or if it is not told.</summary>
    public DateTimeOffset? LastActiveAt { get; init; }

    /// <summary>While offline, the last activity before leaving; null while the user is here, was never seen, or does not say.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>In words, of one who does not say exactly: <c>recently</c>, <c>withinWeek</c>, <c>withinMonth</c>, <c>longAgo</c>.</summary>
    public string? LastSeen { get; init; }

    /// <summary>Rises strictly per user. 0 for one whom nobody knows, or who may not be seen.</summary>
    public long Version { get; init; }
}

/// <summary>What a user may know of itself: how others see it, or would if it were visible, and what was chosen.</summary>
public sealed record OwnPresence : PresenceView
{
    /// <summary>What the user has chosen; null for nothing.</summary>
    public AvailabilityChoice? Choice { get; init; }

    /// <summary>What the application has chosen for it; null for nothing.</summary>
    public AvailabilityChoice? ApplicationChoice { get; init; }

    /// <summary>Rises strictly with each change of what was chosen.</summary>
    public long Revision { get; init; }
}

/// <summary>What somebody has chosen that others see of a user.</summary>
public sealed record AvailabilityChoice
{
    /// <summary>One of <see cref="Model.Availability"/>.</summary>
    public string Availability { get; init => field = value ?? Model.Availability.Automatic; } = Model.Availability.Automatic;

    /// <summary>A line of text of at most 80 characters; null for none.</summary>
    public string? Text { get; init; }

    /// <summary>One emoji; null for none.</summary>
    public string? Emoji { get; init; }

    /// <summary>When it ends by itself; null for never.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>The answer to a look-up of many.</summary>
public sealed record PresenceList
{
    /// <summary>All who were asked for, or those who may have changed.</summary>
    public IReadOnlyList<PresenceView> Users { get; init => field = value ?? []; } = [];

    /// <summary>What to hand back as <c>since</c>, for these same users.</summary>
    public string Version { get; init => field = value ?? ""; } = "";

    /// <summary>Whether all are named; else only those who may have changed since.</summary>
    public bool IsComplete { get; init; }
}
