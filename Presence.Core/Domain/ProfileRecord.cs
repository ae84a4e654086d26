using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>What lasts of a user. While an <see cref="OnlineRecord"/> exists, that one is the truth and this one is not read.</summary>
public sealed record ProfileRecord
{
    /// <summary>The last activity before the user went offline; null if the user was never online.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>When the user left. A request that began at or before it does not bring the user back.</summary>
    public DateTimeOffset? LeftAt { get; init; }

    /// <summary>Connections that outlived the status, for example of a user set offline by an administrator.</summary>
    public ConnectionSet Connections { get; init; } = ConnectionSet.Empty;

    /// <summary>The conversations the user was put into, in ordinal order.</summary>
    public ImmutableArray<string> Conversations { get; init; } = [];

    /// <summary>Whether somebody has asked to be told of this user, in common conversation or not.</summary>
    public bool IsWatched { get; init; }

    /// <summary>The version of the last change of status; 0 if there was none.</summary>
    public long Version { get; init; }

    /// <summary>The id of the write that made this record.</summary>
    public string WriteId { get; init; } = "";

    /// <summary>The id of the write that made the last change of status.</summary>
    public string StatusWriteId { get; init; } = "";
}
