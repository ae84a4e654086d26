using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>A change of one user, as the engine hands it to the store.</summary>
/// <param name="Before">The user as loaded.</param>
/// <param name="After">The records as they are to be.</param>
/// <param name="Owed">What is owed because of it, kept in the same transaction; null for nothing.</param>
public sealed record PendingCommit(StoredUser Before, UserRecords After, StoredDuty? Owed)
{
    /// <summary>What those who follow the feed are told of it, kept in the same transaction; null for nothing.</summary>
    public UserEvent? Event { get; init; }

    /// <summary>The session that ends by it, kept in the same transaction; null for none.</summary>
    public Session? Finished { get; init; }
}

/// <summary>What became of one of several changes.</summary>
public enum CommitResult
{
    /// <summary>It is made.</summary>
    Made,

    /// <summary>It is not made: somebody else has changed the user.</summary>
    Refused,

    /// <summary>Storage gave no answer: it may be made or not.</summary>
    Unknown,
}
