using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>What is kept of a user whether it is here or not.</summary>
public abstract record UserRecord
{
    /// <summary>The user's connections to the SignalR service.</summary>
    public ConnectionSet Connections { get; init; } = ConnectionSet.Empty;

    /// <summary>The conversations the user was put into, in ordinal order.</summary>
    public ImmutableArray<string> Conversations { get; init; } = [];

    /// <summary>Whether somebody has asked to be told of this user, in common conversation or not.</summary>
    public bool IsWatched { get; init; }

    /// <summary>When all credentials of the user were revoked last: those issued at or before it are worth nothing, whoever still trusts them.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The version of the last news of the user; rises strictly. 0 if there was none.</summary>
    public long Version { get; init; }

    /// <summary>The id of the write that made this record.</summary>
    public string WriteId { get; init; } = "";
}
