using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Ports;
using Presence.Core.Sessions;

namespace Presence.Core.Maintenance;

/// <summary>What erasing a user found, all of it gone now.</summary>
/// <param name="RemovedRows">How many rows the user had, sessions among them; 0 for one nobody knew.</param>
/// <param name="RevokedSessions">How many of them were sessions of a guest.</param>
/// <param name="WasOnline">Whether the user was here, so that others were told of its leaving.</param>
public sealed record ErasureReport(int RemovedRows, int RevokedSessions, bool WasOnline);

/// <summary>
/// Erases one user from the table. Any step may fail: what is done stays done, and a repeat does the rest. What the user does meanwhile
/// or afterwards is new activity, and makes new rows.
/// </summary>
public sealed class Erasure(PresenceEngine engine, AnonymousSessions sessions, IErasureStore store, IRealtimeService realtime)
{
    /// <summary>Leaving and being forgotten are two; more are of a user who keeps coming back.</summary>
    private const int MostSteps = 10;

    /// <summary>Erases a user.</summary>
    /// <param name="user">Whom.</param>
    /// <param name="announce">Takes the changes of status at the moment they are made, so that no later failure hides them.</param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    /// <exception cref="StoreUnavailableException">The storage is out of reach, or the user keeps coming back.</exception>
    /// <exception cref="RealtimeUnavailableException">Connections of the user could not be closed; their list is kept for the repeat.</exception>
    public async Task<ErasureReport> EraseAsync(
        PresenceKey user, Action<ImmutableArray<Transition>> announce, CancellationToken cancellationToken)
    {
        // First the sessions: a guest without one makes no new rows.
        var revoked = await sessions.RevokeAsync(user, cancellationToken);
        var rows = await store.RemoveStraysAsync(user, cancellationToken);
        var wasOnline = await ForgetAsync(user, announce, cancellationToken);
        return new(revoked + rows, revoked, wasOnline);
    }

    private async Task<bool> ForgetAsync(
        PresenceKey user, Action<ImmutableArray<Transition>> announce, CancellationToken cancellationToken)
    {
        var closed = new HashSet<string>();
        var wasOnline = false;
        for (var step = 1; step <= MostSteps; step++)
        {
            var change = await engine.ApplyAsync(user, new PresenceEvent.Erased(closed), cancellationToken);
            announce(change.Transitions);
            wasOnline |= change.Before.Online is not null;
            if (change.After == default)
            {
                return wasOnline;
            }

            foreach (var connection in change.After.Connections.Open.Where(c => !closed.Contains(c.Id)))
            {
                await realtime.CloseConnectionAsync(connection.Id, cancellationToken);
                closed.Add(connection.Id);
            }
        }

        throw new StoreUnavailableException($"The user to be erased keeps coming back: gave up after {MostSteps} steps.");
    }
}
