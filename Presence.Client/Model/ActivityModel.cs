namespace Presence.Client.Model;

/// <summary>The answer to an activity.</summary>
public sealed record ActivityResult
{
    /// <summary>One of <see cref="PresenceStatus"/>.</summary>
    public string Status { get; init => field = value ?? PresenceStatus.Offline; } = PresenceStatus.Offline;

    /// <summary>Whether it was held back, because one was recorded just before.</summary>
    public bool Throttled { get; init; }

    /// <summary>When to call next, as long as the user is active.</summary>
    public DateTimeOffset? NextRecordAt { get; init; }

    /// <summary><c>thrifty</c>, <c>frugal</c> or <c>austere</c> while the system spares its budget, and wants calls less often; otherwise null.</summary>
    public string? Economy { get; init; }
}

/// <summary>The activity of one user, told by the application's backend.</summary>
public sealed record ActivityEntry
{
    /// <summary>Whose; <c>anon:</c> + id for a guest.</summary>
    public string UserId { get; init => field = value ?? ""; } = "";

    /// <summary>When the user was active; null for the moment of the call.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>True for what is only counted, and is no sign of activity.</summary>
    public bool? Passive { get; init; }
}

/// <summary>What became of a batch: each entry is counted once, or named as failed.</summary>
public sealed record ActivityBatchResult
{
    /// <summary>Written.</summary>
    public int Recorded { get; init; }

    /// <summary>Held back, because one was recorded just before.</summary>
    public int Throttled { get; init; }

    /// <summary>Nothing new, too old, or from before the user left.</summary>
    public int Ignored { get; init; }

    /// <summary>Only counted.</summary>
    public int Passive { get; init; }

    /// <summary>To be sent again, with the moments they had.</summary>
    public IReadOnlyList<FailedActivity> Failed { get; init => field = value ?? []; } = [];

    /// <summary><c>thrifty</c>, <c>frugal</c> or <c>austere</c> while the system spares its budget, and wants users told of less often; otherwise null.</summary>
    public string? Economy { get; init; }
}

/// <summary>An entry of a batch that failed.</summary>
public sealed record FailedActivity
{
    /// <summary>Its place in the batch, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Whose it is.</summary>
    public string UserId { get; init => field = value ?? ""; } = "";

    /// <summary>Why.</summary>
    public string Code { get; init => field = value ?? ""; } = "";
}
