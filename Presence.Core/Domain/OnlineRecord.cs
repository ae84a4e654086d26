namespace Presence.Core.Domain;

/// <summary>Exists exactly while its user is not offline. All times are UTC with millisecond precision.</summary>
public sealed record OnlineRecord : UserRecord
{
    /// <summary>Since when others are shown that the user is here: when it came, or could be seen again. While nobody is to see it, when that last was so, or it came.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The last activity known: what the user did, not when it was written.</summary>
    public required DateTimeOffset LastActiveAt { get; init; }

    /// <summary>When an activity was last written. The throttle window runs from here.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>When the last connection closed, while nothing has been heard of the user since; otherwise null.</summary>
    public DateTimeOffset? LastClosedAt { get; init; }

    /// <summary>What connections and activity say: online or away. What others see is <see cref="Appearance"/>.</summary>
    public required PresenceStatus Status { get; init; }

    /// <summary>The conversation the user is in for want of any other; null where there is none.</summary>
    public string? DefaultConversation { get; init; }

    /// <summary>When the sweep must look at this record again.</summary>
    public DateTimeOffset DueAt { get; init; }
}
