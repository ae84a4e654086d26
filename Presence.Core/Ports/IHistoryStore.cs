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
}
