using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>A change of one user that is to be made together with those of others.</summary>
/// <param name="Before">The user as loaded, online or away.</param>
/// <param name="After">The records as they are to be.</param>
/// <param name="Owed">What is owed because of it, kept in the same transaction; null for nothing.</param>
/// <param name="Finished">The session that ends by it, kept in the same transaction; null for none.</param>
public sealed record PendingCommit(StoredUser Before, UserRecords After, StoredDuty? Owed, Session? Finished = null);

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
