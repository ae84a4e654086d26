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
        var found = await store.ReadManyAsync(
            users, (user, records) => VisibilityRules.IsSeen(viewer, viewing, user, records, options.Value), cancellationToken);
        var now = time.GetUtcNow();
        return users.Count == 1 && found.Count == 0
            ? throw new UnreadableRowException()
            : [.. users.Where(found.ContainsKey).Select(user => VisibilityRules.View(viewer, viewing, user, found[user], options.Value).At(now))];
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
