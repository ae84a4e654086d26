using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Ports;

namespace Presence.Core.Rosters;

/// <summary>A conversation and its counts.</summary>
public sealed record ConversationSummary(string ConversationId, Occupancy Occupancy);

/// <summary>Who is in which conversation. Throws <see cref="StoreUnavailableException"/> while the storage is out of reach.</summary>
public sealed class ConversationDirectory(IPresenceStore store, PresenceEngine engine, RosterReader rosters)
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

    /// <summary>Puts a user, seen before or not, into a conversation. Nothing happens to one who is in it.</summary>
    /// <exception cref="InvalidInputException">The user is in as many conversations as there may be.</exception>
    public async Task<MembershipChange> JoinAsync(PresenceKey user, string conversationId, CancellationToken cancellationToken) =>
        MembershipChange.Of(await engine.ApplyAsync(user, new PresenceEvent.Joined(conversationId), cancellationToken));

    /// <summary>Takes a user out of a conversation. Nothing happens to one who is not in it.</summary>
    public async Task<MembershipChange> LeaveAsync(PresenceKey user, string conversationId, CancellationToken cancellationToken) =>
        MembershipChange.Of(await engine.ApplyAsync(user, new PresenceEvent.Left(conversationId), cancellationToken));
}

/// <summary>What joining or leaving changed for the user's connections: the default conversation gives way to the first other, and returns after the last.</summary>
/// <param name="Change">What the engine did.</param>
/// <param name="Entered">The conversations whose messages the user's connections get from now on.</param>
/// <param name="Exited">The conversations whose messages they get no more.</param>
public sealed record MembershipChange(Change Change, ImmutableArray<string> Entered, ImmutableArray<string> Exited)
{
    internal static MembershipChange Of(Change change) => new(
        change,
        [.. change.After.Rosters.Except(change.Before.Rosters)],
        [.. change.Before.Rosters.Except(change.After.Rosters)]);
}
