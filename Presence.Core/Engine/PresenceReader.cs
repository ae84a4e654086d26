using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.Engine;

/// <summary>Looks users up.</summary>
public sealed class PresenceReader(IPresenceStore store, IOptions<PresenceOptions> options, TimeProvider time)
{
    /// <summary>
    /// The users given, in that order, as the viewer may see them. One whom it may not see is as one who was never seen: offline without times.
    /// Of several, one whose row cannot be read is left out.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    /// <exception cref="UnreadableRowException">The viewer, or the only user asked for, has a row that cannot be read.</exception>
    public async Task<IReadOnlyList<PresenceView>> ReadAsync(
        PresenceKey viewer, IReadOnlyList<PresenceKey> users, CancellationToken cancellationToken) =>
        users.Count == 0
            ? []
            : await ReadAsync(viewer, (await store.LoadAsync(viewer, cancellationToken)).Records, users, cancellationToken);

    /// <summary>The same, by the records of the viewer as just read.</summary>
    /// <inheritdoc cref="ReadAsync(PresenceKey, IReadOnlyList{PresenceKey}, CancellationToken)" path="/exception"/>
    public async Task<IReadOnlyList<PresenceView>> ReadAsync(
        PresenceKey viewer, UserRecords viewing, IReadOnlyList<PresenceKey> users, CancellationToken cancellationToken)
    {
        var found = await FindAsync(viewer, viewing, users, cancellationToken);
        var now = time.GetUtcNow();
        return users.Count == 1 && found.Count == 0
            ? throw new UnreadableRowException()
            : [.. users.Where(found.ContainsKey).Select(user => VisibilityRules.View(viewer, viewing, user, found[user].Records, options.Value).At(now))];
    }

    /// <summary>The same with a version; of users whom the viewer knows by an earlier one only what has changed since.</summary>
    /// <param name="viewer">Who looks.</param>
    /// <param name="users">At whom.</param>
    /// <param name="since">When the earlier answer was read; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <inheritdoc cref="ReadAsync(PresenceKey, IReadOnlyList{PresenceKey}, CancellationToken)" path="/exception"/>
    public async Task<PresenceReading> ReadSinceAsync(
        PresenceKey viewer, IReadOnlyList<PresenceKey> users, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var began = time.GetUtcNow();
        var viewing = (await store.LoadAsync(viewer, cancellationToken)).Records;
        var found = await FindAsync(viewer, viewing, users, cancellationToken);
        return ToReading(viewer, viewing, users, found, since, began);
    }

    /// <summary>The records of a user, if the viewer may know when that used to be here; null if not, for as many requests as for a user who is gone.</summary>
    /// <inheritdoc cref="ReadAsync(PresenceKey, IReadOnlyList{PresenceKey}, CancellationToken)" path="/exception"/>
    internal async Task<UserRecords?> ReadPastAsync(PresenceKey viewer, PresenceKey user, CancellationToken cancellationToken)
    {
        var viewing = (await store.LoadAsync(viewer, cancellationToken)).Records;
        if (viewer == user)
        {
            return viewing;
        }

        var found = await FindAsync(viewer, viewing, [user], cancellationToken);
        return !found.TryGetValue(user, out var stored) ? throw new UnreadableRowException()
            : VisibilityRules.KnowsPast(viewer, viewing, user, stored.Records, options.Value) ? stored.Records
            : null;
    }

    /// <summary>The records of users, as many requests for those whom the viewer may not see as for those who are gone.</summary>
    internal Task<IReadOnlyDictionary<PresenceKey, StoredUser>> FindAsync(
        PresenceKey viewer, UserRecords viewing, IReadOnlyList<PresenceKey> users, CancellationToken cancellationToken) =>
        store.ReadManyAsync(users, (user, records) => VisibilityRules.IsSeen(viewer, viewing, user, records, options.Value), cancellationToken);

    /// <summary>What a viewer is told of users, by their records.</summary>
    internal PresenceReading ToReading(
        PresenceKey viewer, UserRecords viewing, IReadOnlyList<PresenceKey> users, IReadOnlyDictionary<PresenceKey, StoredUser> found,
        DateTimeOffset? since, DateTimeOffset began)
    {
        var now = time.GetUtcNow();
        var isWhole = SinceRules.IsWhole(since, viewing, now);
        return new(
            [
                .. from user in users
                   where found.ContainsKey(user)
                   let records = found[user].Records
                   where isWhole || SinceRules.IsTold(viewer, viewing, user, records, since!.Value, options.Value)
                   select VisibilityRules.View(viewer, viewing, user, records, options.Value).At(now),
            ],
            PresenceReading.VersionOf(began),
            isWhole);
    }

    /// <summary>What a user's connections and activity say of it, whatever others are told.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    /// <exception cref="UnreadableRowException">Its row cannot be read.</exception>
    public async Task<PresenceStatus> ReadSessionsAsync(PresenceKey user, CancellationToken cancellationToken) =>
        (await store.LoadAsync(user, cancellationToken)).Records.SessionStatus;

    /// <summary>A user as it may see itself.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    /// <exception cref="UnreadableRowException">Its row cannot be read.</exception>
    public async Task<OwnPresence> ReadOwnAsync(PresenceKey user, CancellationToken cancellationToken) =>
        (await store.LoadAsync(user, cancellationToken)).Records.OwnViewOf(user, time.GetUtcNow());
}
