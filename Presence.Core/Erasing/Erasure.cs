using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Ledger;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Sessions;
using Presence.Core.Webhooks;

namespace Presence.Core.Erasing;

/// <summary>What erasing a user found, all of it gone now.</summary>
/// <param name="RemovedRows">How many rows the user had, sessions among them and events not; 0 for one nobody knew.</param>
/// <param name="RevokedSessions">How many of them were sessions of a guest.</param>
/// <param name="WasOnline">Whether the user was here, so that others were told of its leaving.</param>
public sealed record ErasureReport(int RemovedRows, int RevokedSessions, bool WasOnline);

/// <summary>
/// Erases one user from the table. Any step may fail: what is done stays done, and a repeat does the rest. What stays is a tombstone without
/// the user's id, for as long as credentials issued before may live; what the user does with later ones is new activity, and makes new rows. And, for
/// as long as events are kept, the one that tells those who follow them to erase the user as well: it holds the id and nothing else.
/// </summary>
public sealed class Erasure(
    PresenceEngine engine, AnonymousSessions sessions, Relationships relationships, IPresenceStore users, IErasureStore store, IEventStore events,
    WebhookFilters webhooks, IHistoryStore history, IOptions<PresenceOptions> options)
{
    /// <summary>Leaving and being forgotten are two; more are of a user who keeps coming back.</summary>
    private const int MostSteps = 10;

    /// <summary>Erases a user. Its connections are closed, and others told, when this ends, or as soon as the SignalR service can be reached.</summary>
    /// <param name="user">Whom.</param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    /// <exception cref="StoreUnavailableException">The storage is out of reach, or the user keeps coming back.</exception>
    public async Task<ErasureReport> EraseAsync(PresenceKey user, CancellationToken cancellationToken)
    {
        // First the sessions: a guest without one makes no new rows.
        var revoked = await sessions.RevokeAsync(user, cancellationToken);
        var rows = await store.RemoveStraysAsync(user, cancellationToken);
        await webhooks.ForgetAsync(user, cancellationToken);

        // Whoever is here leaves first: what ends between it and others is then no news to them.
        var known = await users.LoadAsync(user, cancellationToken);
        var wasOnline = known.Records.Online is not null;
        if (wasOnline)
        {
            await engine.ApplyAsync(user, new PresenceEvent.Erased(), cancellationToken, known);
        }

        await relationships.EndAsync(user, known.Records.Relations, cancellationToken);
        for (var step = 1; step <= MostSteps; step++)
        {
            var change = await engine.ApplyAsync(user, new PresenceEvent.Erased(), cancellationToken);
            wasOnline |= change.Before.Online is not null;
            if (change.After.Profile?.ErasedAt is not null)
            {
                await ForgetEventsAsync(change, wasKnown: known.Records != default, cancellationToken);
                // Last: whoever came and left meanwhile has added to it.
                rows += await history.RemoveAsync(user, cancellationToken);
                return new(revoked + rows, revoked, wasOnline);
            }
        }

        throw new StoreUnavailableException($"The user to be erased keeps coming back: gave up after {MostSteps} steps.");
    }

    /// <summary>
    /// Those before the erasure: what comes after it is of one who has come back. The event of the erasure leads to them, and storage says where that is. Where
    /// this fails a repeat finds the rest.
    /// </summary>
    private async Task ForgetEventsAsync(Change erased, bool wasKnown, CancellationToken cancellationToken)
    {
        var last = (await users.LoadAsync(erased.User, cancellationToken)).Records.EventAt;
        await events.RemoveAsync(
            erased.User, last, erased.After.Profile!.ErasedAt!.Value, isSought: wasKnown || EventTimes.OutliveRecords(erased.User, options.Value), cancellationToken);
    }
}
