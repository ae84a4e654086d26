using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.Rosters;

/// <summary>A conversation and its counts.</summary>
public sealed record ConversationSummary(string ConversationId, Occupancy Occupancy);

/// <summary>Who is in which conversation. Throws <see cref="StoreUnavailableException"/> while the storage is out of reach.</summary>
public sealed class ConversationDirectory(IPresenceStore store, RosterReader rosters)
{
    /// <summary>The conversations a user is in, with their counts.</summary>
    public async Task<IReadOnlyList<ConversationSummary>> ListAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        var own = (await store.LoadAsync(user, cancellationToken)).Records.Rosters;
        return await Task.WhenAll(own.Select(async id => new ConversationSummary(id, (await rosters.ReadAsync(id, cancellationToken)).Occupancy)));
    }

    /// <summary>The roster of a conversation for one who is in it.</summary>
    /// <exception cref="ForbiddenException">The user is not in it, or there is no such conversation.</exception>
    public async Task<Roster> ReadAsync(PresenceKey user, string conversationId, CancellationToken cancellationToken) =>
        (await store.LoadAsync(user, cancellationToken)).Records.Rosters.Contains(conversationId)
            ? await rosters.ReadAsync(conversationId, cancellationToken)
            : throw new ForbiddenException("You are not in this conversation.");
}
