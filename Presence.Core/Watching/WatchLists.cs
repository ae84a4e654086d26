using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.Watching;

/// <summary>
/// The users whom connections watch. The list of a connection names everybody in whose groups it may be: whom it is to watch is in it before the
/// connection enters a group, and whom it is not to watch stays in it until the connection has left. So a change that fails half-way is made
/// good by saying it again. Of two at a time the one that writes the list last is the one that holds.
/// </summary>
public sealed class WatchLists
{
    private const int CommitsAtOnce = 16;

    /// <summary>More are of a client that sends all its changes at once.</summary>
    private const int MostAttempts = 10;

    private static readonly IReadOnlyDictionary<PresenceKey, StoredUser> Nobody = new Dictionary<PresenceKey, StoredUser>();

    private readonly IPresenceStore _store;
    private readonly IWatchStore _lists;
    private readonly PresenceEngine _engine;
    private readonly PresenceReader _reader;
    private readonly WatchedGroups _groups;
    private readonly ServiceGate _gate;
    private readonly PresenceOptions _options;
    private readonly TimeProvider _time;

    internal WatchLists(
        IPresenceStore store, IWatchStore lists, PresenceEngine engine, PresenceReader reader, WatchedGroups groups, ServiceGate gate,
        IOptions<PresenceOptions> options, TimeProvider time)
    {
        (_store, _lists, _engine, _reader) = (store, lists, engine, reader);
        (_groups, _gate, _options, _time) = (groups, gate, options.Value, time);
    }

    /// <summary>Changes whom a connection watches.</summary>
    /// <param name="user">Whose connection it is.</param>
    /// <param name="connectionId">Which.</param>
    /// <param name="issuedAt">When the credentials of the user were issued; null where they do not say.</param>
    /// <param name="change">What is to become of its list.</param>
    /// <param name="since">When the client was told last of those whom it adds; null if it was not.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The list, and how those added are; null if the user has no such connection open.</returns>
    /// <exception cref="SignedOutException">The credentials are from before a sign-out.</exception>
    /// <exception cref="InvalidInputException">The list would be too long.</exception>
    /// <exception cref="StoreUnavailableException">The storage is out of reach, or too many change this list at once.</exception>
    /// <exception cref="RealtimeUnavailableException">The SignalR service is out of reach, or refuses.</exception>
    public async Task<WatchReading?> ChangeAsync(
        PresenceKey user, string connectionId, DateTimeOffset? issuedAt, WatchListChange change, DateTimeOffset? since,
        CancellationToken cancellationToken)
    {
        if (await OpenAsync(user, connectionId, issuedAt, begins: !change.Added.IsEmpty, cancellationToken) is not { } viewing)
        {
            return null;
        }

        // An instance of an older version may have dropped that it watches, and left the list.
        if (viewing.Connections.Find(connectionId) is { IsWatching: false } && await _lists.FindAsync(user, connectionId, cancellationToken) is null)
        {
            return new(connectionId, 0, _reader.ToReading(user, viewing, [], Nobody, since, _time.GetUtcNow()));
        }

        if (await KeepAsync(user, viewing, connectionId, change, cancellationToken) is not var (count, leaving))
        {
            return null;
        }

        if (change.Added.IsEmpty && leaving.Length == 0)
        {
            return new(connectionId, count, _reader.ToReading(user, viewing, [], Nobody, since, _time.GetUtcNow()));
        }

        List<WatchedGroups.Watched> entered = [];
        if (!change.Added.IsEmpty)
        {
            var added = await MarkAsync(change.Added, cancellationToken);
            await ListensLateAsync(viewing, connectionId, cancellationToken);
            entered = [.. _groups.GroupsOf(user, viewing, change.Added, added)];
            await _groups.EnterAsync(connectionId, entered, CallWithin(cancellationToken), cancellationToken);
        }

        // What changes from here on reaches the connection; what has changed until here is read.
        var settled = await _groups.SettleAsync(
            user, connectionId, change.Added, [.. leaving], entered, CallWithin(cancellationToken), cancellationToken);
        return settled is null ? null
            : new(connectionId, count, _reader.ToReading(user, settled.Viewing, change.Added, settled.Found, since, settled.Began));
    }

    /// <summary>Whom a connection watches, and how they are.</summary>
    /// <param name="user">Whose connection it is.</param>
    /// <param name="connectionId">Which.</param>
    /// <param name="issuedAt">When the credentials of the user were issued; null where they do not say.</param>
    /// <param name="since">When the client was told last; null if it was not.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The list, and how all in it are; null if the user has no such connection open.</returns>
    /// <exception cref="SignedOutException">The credentials are from before a sign-out.</exception>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<WatchReading?> ReadAsync(
        PresenceKey user, string connectionId, DateTimeOffset? issuedAt, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var began = _time.GetUtcNow();
        if (await OpenAsync(user, connectionId, issuedAt, begins: false, cancellationToken) is not { } viewing)
        {
            return null;
        }

        var list = (await _lists.FindAsync(user, connectionId, cancellationToken))?.Users ?? [];
        var found = await _reader.FindAsync(user, viewing, list, cancellationToken);
        return new(connectionId, list.Length, _reader.ToReading(user, viewing, list, found, since, began));
    }

    /// <summary>Only the changes of users that somebody watches are told to those who do: makes it so for all of these.</summary>
    /// <returns>Their records.</returns>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<IReadOnlyDictionary<PresenceKey, StoredUser>> MarkAsync(
        ImmutableArray<PresenceKey> users, CancellationToken cancellationToken)
    {
        var found = await _store.ReadManyAsync(users, (_, _) => true, cancellationToken);
        var unmarked = found.Values.Where(one => !IsMarked(one)).ToList();
        var watched = new PresenceEvent.Watched();
        List<(StoredUser, PresenceEvent)> here = [.. unmarked.Where(one => one.Records.Online is not null).Select(one => (one, watched))];
        await foreach (var committing in _engine.CommitManyAsync(here, cancellationToken))
        {
            await committing;
        }

        await Parallel.ForEachAsync(
            unmarked.Where(one => one.Records.Online is null),
            Limited(CommitsAtOnce, cancellationToken),
            async (one, token) =>
            {
                // One of whom nothing was found may be erased.
                var known = one.Tag is null ? await _store.LoadComingAsync(one.User, token) : one;
                await _engine.ApplyAsync(one.User, watched, token, known);
            });
        return found;
    }

    /// <summary>The records of the user, if its connection is open; where it begins to watch, it is known to have a list from then on.</summary>
    private async Task<UserRecords?> OpenAsync(
        PresenceKey user, string connectionId, DateTimeOffset? issuedAt, bool begins, CancellationToken cancellationToken)
    {
        var known = await _store.LoadAsync(user, cancellationToken);
        var records = known.Records;
        if (begins && records.Connections.Find(connectionId) is { IsWatching: false })
        {
            records = (await _engine.ApplyAsync(user, new PresenceEvent.BeganWatching(connectionId, issuedAt), cancellationToken, known)).After;
        }

        return records.IsSignedOutSince(issuedAt) ? throw new SignedOutException(records.BannedUntil(_time.GetUtcNow()))
            : records.Connections.IsOpen(connectionId) ? records
            : null;
    }

    /// <summary>
    /// The connection leaves whom it is to watch no more, and the list becomes what it is to be: how many it names, and whom the connection has
    /// left; null if it is gone.
    /// </summary>
    private async Task<(int Count, ImmutableArray<PresenceKey> Leaving)?> KeepAsync(
        PresenceKey user, UserRecords viewing, string connectionId, WatchListChange change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            if (await FindOrLostAsync(user, connectionId, cancellationToken) is not { } list)
            {
                return null;
            }

            var after = change.Applied(list.Users);
            if (after.Length > WatchRules.MaxUsers)
            {
                throw new InvalidInputException(
                    change.Removed is null ? "ids" : "add", $"would be too many: a connection watches at most {WatchRules.MaxUsers} users, and these would be {after.Length}");
            }

            var leaving = change.Leaving(list.Users);
            var seen = await _store.ReadManyAsync(leaving, (_, _) => true, cancellationToken);
            List<WatchedGroups.Watched> groups = [.. _groups.GroupsOf(user, viewing, leaving, seen)];
            await _groups.ExitAsync(connectionId, groups, CallWithin(cancellationToken), cancellationToken);
            if (leaving.IsEmpty && list.Tag is not null && after.SequenceEqual(list.Users))
            {
                return (after.Length, leaving);
            }

            // Whoever has left a group writes the list, be it the same: so one who adds the user at this moment, and finds it in the list
            // afterwards, has done so before. That one may have put the connection into the group since it left: it leaves once more.
            if (await _lists.TryReplaceAsync(user, connectionId, list, after, cancellationToken))
            {
                await _groups.ExitAsync(connectionId, groups, CallWithin(cancellationToken), cancellationToken);
                return (after.Length, leaving);
            }
        }

        throw new StoreUnavailableException($"The list of one connection changes too fast: gave up after {MostAttempts} attempts.");
    }

    /// <summary>The list of a connection; an empty one, to be made, where that of an open connection was lost; null where the connection has ended.</summary>
    private async Task<StoredWatches?> FindOrLostAsync(PresenceKey user, string connectionId, CancellationToken cancellationToken) =>
        await _lists.FindAsync(user, connectionId, cancellationToken)
        ?? ((await _store.LoadAsync(user, cancellationToken)).Records.Connections.IsOpen(connectionId) ? new StoredWatches([], Tag: null) : null);

    /// <summary>A user from whom some are hidden listens on a new connection only when those who tell news find it in its record.</summary>
    private async Task ListensLateAsync(UserRecords viewing, string connectionId, CancellationToken cancellationToken)
    {
        if (viewing.Relations.AreRestricting && viewing.Connections.Find(connectionId) is { } connection
            && connection.At + HiddenListeners.ListensAfter - _time.GetUtcNow() is { Ticks: > 0 } left)
        {
            await Task.Delay(left, _time, cancellationToken);
        }
    }

    private WatchedGroups.Call CallWithin(CancellationToken cancellationToken) => call => _gate.CallAsync(call, cancellationToken);

    private bool IsMarked(StoredUser one) => !AudienceRules.OnWatched(new(one.User, one.Records, _time.GetUtcNow(), _options)).MustBeKept;

    private static ParallelOptions Limited(int atOnce, CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken };
}
