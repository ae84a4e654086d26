using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>The records of one user with what a compare-and-swap needs.</summary>
/// <param name="User">Whose records these are.</param>
/// <param name="Records">The records.</param>
/// <param name="Tag">The ETag of the record that decides (the online record, else the profile); null if there is none.</param>
public sealed record StoredUser(PresenceKey User, UserRecords Records, string? Tag);

/// <summary>
/// Where the records of users are kept. All of it throws <see cref="StoreUnavailableException"/> while the storage is out of reach.
/// Scans pass over rows that cannot be read.
/// </summary>
public interface IPresenceStore
{
    /// <summary>In which part of the storage a user lies. What is known of one part's being out of reach says nothing of another.</summary>
    int PartOf(PresenceKey user) => 0;

    /// <summary>Loads a user: one request while the user is here, two otherwise, three for one whom nobody knows.</summary>
    /// <exception cref="UnreadableRowException">The user's row cannot be read.</exception>
    ValueTask<StoredUser> LoadAsync(PresenceKey user, CancellationToken cancellationToken);

    /// <summary>
    /// Loads a user who is about to come, and so is probably not here: one request for one who is not, two otherwise and for one whom nobody
    /// knows. One who comes or goes meanwhile may be read as it was: a commit refuses that.
    /// </summary>
    /// <exception cref="UnreadableRowException">The user's row cannot be read.</exception>
    ValueTask<StoredUser> LoadComingAsync(PresenceKey user, CancellationToken cancellationToken);

    /// <summary>
    /// The records of each of the users given, nothing where there are none, or a tombstone alone; of one whose row cannot be read no entry. At
    /// most two requests per shard, for 500 ids that are UUIDs and of one shard, as long as that is quicker than one or two for each user.
    /// </summary>
    /// <param name="users">Whom.</param>
    /// <param name="isSeen">
    /// Whether whoever asks may see somebody who is here: one who may not be seen costs, and takes, as much as one who is gone.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyDictionary<PresenceKey, StoredUser>> ReadManyAsync(
        IReadOnlyCollection<PresenceKey> users, Func<PresenceKey, UserRecords, bool> isSeen, CancellationToken cancellationToken);

    /// <summary>
    /// Changes all rows of a user in one transaction, if the record that decided is still as loaded. False, and nothing changed, if not.
    /// </summary>
    /// <param name="commit">The change.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<bool> TryCommitAsync(PendingCommit commit, CancellationToken cancellationToken);

    /// <summary>
    /// Records an activity of a user who stays online: writes when the user was last active, when that was recorded, when it is due and the id of
    /// the write, and nothing else, if the row still has the tag given. One request.
    /// </summary>
    /// <returns>The tag that the row has now; null, and nothing changed, if it was another one.</returns>
    ValueTask<string?> TryRecordAsync(PresenceKey user, string tag, OnlineRecord record, CancellationToken cancellationToken);

    /// <summary>
    /// Changes several users, online or away, as many of one shard in one transaction as go into it. One that somebody else has changed takes no
    /// other along.
    /// </summary>
    /// <param name="commits">The changes.</param>
    /// <param name="cancellationToken">Ends it between two transactions. None is given up half-way.</param>
    /// <returns>Which change, and what became of it, as soon as that is known. Throws nothing for want of storage.</returns>
    IAsyncEnumerable<(int Index, CommitResult Result)> CommitManyAsync(
        IReadOnlyList<PendingCommit> commits, CancellationToken cancellationToken);

    /// <summary>
    /// Puts off duties that a sweep has found, so that no other does them meanwhile: one request for each 100 of a shard, and one more for each
    /// that is gone already. Where another sweep has put off one of them, it is left all that were asked for with it.
    /// </summary>
    /// <returns>Those that were put off.</returns>
    Task<IReadOnlyList<StoredDuty>> PutOffAsync(IReadOnlyList<StoredDuty> duties, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Removes duties that are done, those of a shard together; one that is gone already is no error.</summary>
    Task CrossOutAsync(IReadOnlyList<StoredDuty> done, CancellationToken cancellationToken);

    /// <summary>Removes duties that were first due at or before the moment given, whether they can be read or not.</summary>
    /// <returns>How many.</returns>
    Task<int> AbandonDutiesAsync(DateTimeOffset dueUntil, CancellationToken cancellationToken);

    /// <summary>Who is online or away, in no order.</summary>
    IAsyncEnumerable<(PresenceKey User, PresenceStatus Status)> OnlineAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The guests, and the users never seen, of whom nothing was heard after the moment given (<see cref="ProfileRecord.IsLongGone"/>). One who
    /// has come since may be among them: a commit refuses that.
    /// </summary>
    IAsyncEnumerable<StoredUser> LongGoneAsync(DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>
    /// Writes what a roster is to say: one request for each 50 users at most. May be done late, twice and in any order; what is older than what
    /// it says already changes nothing.
    /// </summary>
    Task WriteRosterAsync(string conversationId, IReadOnlyCollection<RosterEntry> entries, CancellationToken cancellationToken);

    /// <summary>Removes what rosters keep for late writes, and no such write can come any more. Reads all rosters.</summary>
    /// <returns>How many rows.</returns>
    Task<int> CleanRostersAsync(CancellationToken cancellationToken);

    /// <summary>Keeps that a user does not see the members of a conversation, nor they it; or keeps it no more. One request.</summary>
    Task SetBlockerAsync(string conversationId, PresenceKey user, bool holds, CancellationToken cancellationToken);

    /// <summary>The users of whom that is kept, in no order. One request.</summary>
    Task<IReadOnlyList<PresenceKey>> BlockersAsync(string conversationId, CancellationToken cancellationToken);

    /// <summary>The users whom the roster of a conversation names, as last announced, in no order: one request for each 1,000 of them.</summary>
    IAsyncEnumerable<RosterMember> RosterAsync(string conversationId, CancellationToken cancellationToken);
}
