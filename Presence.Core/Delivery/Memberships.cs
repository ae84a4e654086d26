using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.Rosters;

namespace Presence.Core.Delivery;

/// <summary>
/// Makes the groups of connections follow the record of their user. Several may do so at once, in any order: whoever has changed a group
/// reads the record afterwards and undoes what contradicts it, so that the last word is the record's.
/// </summary>
internal sealed class Memberships(IPresenceStore store, IRealtimeService realtime, ServiceGate gate, Snapshots snapshots, IMessages messages)
{
    private const int CallsAtOnce = 8;

    /// <summary>More are of a user who is put in and taken out all the time.</summary>
    private const int MostRounds = 10;

    /// <summary>Lets connections enter and exit as is owed, and tells those that entered what they could not know.</summary>
    /// <exception cref="RealtimeUnavailableException">The service is out of reach, or refuses.</exception>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task FollowAsync(PresenceKey user, Duty duty, CancellationToken cancellationToken)
    {
        await EnterAsync(duty.Watched.Select(GroupName.User), duty.Connections, cancellationToken);
        var (entering, exiting, connections) = (duty.Entered, duty.Exited, duty.Connections);
        for (var round = 1; round <= MostRounds; round++)
        {
            foreach (var group in exiting.Select(GroupName.Conversation))
            {
                await gate.CallAsync(token => realtime.ExitGroupAsync(user, group, token), cancellationToken);
            }

            await EnterAsync(entering.Select(GroupName.Conversation), connections, cancellationToken);
            var now = (await store.LoadAsync(user, cancellationToken)).Records;
            (entering, exiting) = ([.. exiting.Intersect(now.Rosters)], [.. entering.Except(now.Rosters)]);
            if (entering.IsEmpty && exiting.IsEmpty)
            {
                await TellAsync(duty, now, cancellationToken);
                return;
            }

            // All connections of the user have just left; those opened meanwhile too.
            connections = [.. now.Connections.Open.Select(c => c.Id)];
        }

        throw new StoreUnavailableException($"The conversations of one user change too fast: gave up after {MostRounds} rounds.");
    }

    private async Task TellAsync(Duty duty, UserRecords now, CancellationToken cancellationToken)
    {
        ImmutableArray<string> conversations = [.. duty.Entered.Intersect(now.Rosters)];
        ImmutableArray<string> listening = [.. duty.Connections.Where(now.Connections.IsOpen)];
        if (listening.IsEmpty || (conversations.IsEmpty && !duty.IsWelcome))
        {
            return;
        }

        var snapshot = await snapshots.TakeAsync(conversations, duty.Watched, cancellationToken);
        foreach (var connection in listening)
        {
            await messages.TellAsync(connection, snapshot, cancellationToken);
        }
    }

    private Task EnterAsync(IEnumerable<string> groups, ImmutableArray<string> connections, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            groups.SelectMany(group => connections.Select(connection => (connection, group))),
            new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = cancellationToken },
            async (pair, token) => await gate.CallAsync(t => realtime.EnterGroupAsync(pair.connection, pair.group, t), token));
}
