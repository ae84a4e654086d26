using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.Rosters;

/// <summary>A conversation and its counts.</summary>
public sealed record ConversationSummary(string ConversationId, Occupancy Occupancy);

/// <summary>Who is in which conversation. Throws <see cref="StoreUnavailableException"/> while the storage is out of reach.</summary>
public sealed class ConversationDirectory(IPresenceStore store, RosterReader rosters, RosterSight sight)
{
    private const int ReadsAtOnce = 8;

    /// <summary>The conversations a user is in, with their counts: a request for each, beside the one that says which.</summary>
    public async Task<IReadOnlyList<ConversationSummary>> ListAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        var records = (await store.LoadAsync(user, cancellationToken)).Records;
        var own = records.ListensTo;
        var summaries = new ConversationSummary[own.Length];
        await Parallel.ForAsync(
            0,
            own.Length,
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken },
            async (i, token) => summaries[i] = new(own[i], (await ReadAsync(user, records, own[i], token)).Occupancy));
        return summaries;
    }

    /// <summary>The roster of a conversation for one who is in it, as it may see it.</summary>
    /// <exception cref="ForbiddenException">The user is not in it, or there is no such conversation.</exception>
    public async Task<Roster> ReadAsync(PresenceKey user, string conversationId, CancellationToken cancellationToken) =>
        (await store.LoadAsync(user, cancellationToken)).Records is var records && records.ListensTo.Contains(conversationId)
            ? await ReadAsync(user, records, conversationId, cancellationToken)
            : throw new ForbiddenException("You are not in this conversation.");

    private async ValueTask<Roster> ReadAsync(PresenceKey user, UserRecords records, string conversationId, CancellationToken cancellationToken) =>
        await sight.SeenByAsync(user, records, await rosters.ReadAsync(conversationId, cancellationToken), cancellationToken);
}
