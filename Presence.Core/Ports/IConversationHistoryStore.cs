using System.Collections.Immutable;
using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>Somebody who is here and can be seen.</summary>
/// <param name="User">Who.</param>
/// <param name="Status">Online or away.</param>
/// <param name="Conversations">The conversations that it is in, the default one where it is in no other.</param>
public sealed record PresentUser(PresenceKey User, PresenceStatus Status, ImmutableArray<string> Conversations);

/// <summary>
/// How many were in conversations, minute by minute, as the census counts them. Holds no user. Removed with the sessions of users
/// (<see cref="IHistoryStore.RemoveOldAsync"/>). Throws <see cref="StoreUnavailableException"/> while the storage is out of reach.
/// </summary>
public interface IConversationHistoryStore
{
    /// <summary>Who is online or away, in no order, and where: as many requests as without (<see cref="IPresenceStore.OnlineAsync"/>).</summary>
    IAsyncEnumerable<PresentUser> PresentAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Keeps how many were in conversations in one minute; of two counts in the same minute the last is kept. Reads nothing: one request for each shard in
    /// which one of them lies, and for each 100 of it.
    /// </summary>
    Task KeepAsync(DateTimeOffset takenAt, IReadOnlyDictionary<string, int> present, CancellationToken cancellationToken);

    /// <summary>The counts of a conversation on the days given, in the order of their minutes. One request for each calendar month that the days touch.</summary>
    Task<IReadOnlyList<ConversationCount>> ReadAsync(string conversationId, DateOnly fromDay, DateOnly toDay, CancellationToken cancellationToken);
}
