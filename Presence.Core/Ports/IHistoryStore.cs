using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>
/// The finished sessions of users, kept for <c>HistoryRetention</c>: written in the transactions of <see cref="IPresenceStore"/> that end them, and
/// only while that setting is not zero. Throws <see cref="StoreUnavailableException"/> while the storage is out of reach. What cannot be read is
/// passed over.
/// </summary>
public interface IHistoryStore
{
    /// <summary>
    /// The sessions of a user that ended on the days given, in the order of their starts; one that goes on is not among them. A session stands on
    /// the day (UTC) of its end alone, and whole: one that began on an earlier day keeps its start. Of several that began within the same six
    /// minutes of a day the last is kept. One request for each calendar month that the days touch.
    /// </summary>
    /// <param name="user">Whose.</param>
    /// <param name="fromDay">The first day, UTC.</param>
    /// <param name="toDay">The last day, UTC; nothing is read where it is before the first.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<Session>> ReadAsync(PresenceKey user, DateOnly fromDay, DateOnly toDay, CancellationToken cancellationToken);

    /// <summary>
    /// The sessions of all users that ended on the day given or later, and those that go on, with an <see cref="Session.End"/> that never comes: of each user
    /// these first. One that ends meanwhile may be told twice, under the same start. One request for each 1,000 rows, shard and month.
    /// </summary>
    IAsyncEnumerable<(PresenceKey User, Session Session)> SessionsAsync(DateOnly fromDay, CancellationToken cancellationToken);

    /// <summary>
    /// Removes all sessions of a user. One request where nobody of its shard has any; else one more for each month of the longest retention, and one for
    /// each 100 days.
    /// </summary>
    /// <returns>How many days had some.</returns>
    Task<int> RemoveAsync(PresenceKey user, CancellationToken cancellationToken);

    /// <summary>Removes what stands on days before the one given, of users and of conversations: two requests per shard, and one for each 100 rows.</summary>
    /// <returns>How many rows.</returns>
    Task<int> RemoveOldAsync(DateOnly firstKept, CancellationToken cancellationToken);
}
