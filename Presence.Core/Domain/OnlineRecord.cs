using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>Exists exactly while its user is not offline. All times are UTC with millisecond precision.</summary>
public sealed record OnlineRecord
{
    /// <summary>When the user came online.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The last recorded activity. The throttle window runs from here.</summary>
    public required DateTimeOffset LastActiveAt { get; init; }

    /// <summary>When the last connection closed, while nothing has been heard of the user since; otherwise null.</summary>
    public DateTimeOffset? LastClosedAt { get; init; }

    /// <summary>What was announced: online or away.</summary>
    public required PresenceStatus Status { get; init; }

    /// <summary>The user's connections to the SignalR service.</summary>
    public ConnectionSet Connections { get; init; } = ConnectionSet.Empty;

    /// <summary>The conversations the user was put into, in ordinal order.</summary>
    public ImmutableArray<string> Conversations { get; init; } = [];

    /// <summary>The conversation the user is in for want of any other; null where there is none.</summary>
    public string? DefaultConversation { get; init; }

    /// <summary>Whether somebody has asked to be told of this user, in common conversation or not.</summary>
    public bool IsWatched { get; init; }

    /// <summary>The version of the last change of status; rises strictly per user.</summary>
    public required long Version { get; init; }

    /// <summary>When the sweep must look at this record again.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>The id of the write that made this record.</summary>
    public string WriteId { get; init; } = "";

    /// <summary>The id of the write that made the last change of status.</summary>
    public string StatusWriteId { get; init; } = "";
}
