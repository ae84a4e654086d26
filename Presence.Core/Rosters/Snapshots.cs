using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Ports;

namespace Presence.Core.Rosters;

/// <summary>Makes snapshots.</summary>
public sealed class Snapshots(RosterReader rosters, RosterSight sight, PresenceReader reader, IPresenceStore store)
{
    private const int ReadsAtOnce = 8;

    /// <summary>The conversations and users given, as they are at the moment of the call or later, never from memory, and as the user may see them.</summary>
    /// <param name="user">Whose connections it is for.</param>
    /// <param name="conversations">The conversations.</param>
    /// <param name="watched">The users.</param>
    /// <param name="isLimited">Whether the user may see less than others in the same conversations. Otherwise its records are read only if somebody in these hides.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The snapshot, and whether all the conversations name the user.</returns>
    public async Task<(Snapshot Snapshot, bool IsNamedByAll)> TakeAsync(
        PresenceKey user, ImmutableArray<string> conversations, IReadOnlyList<PresenceKey> watched, bool isLimited, CancellationToken cancellationToken)
    {
        var read = new Roster[conversations.Length];
        await EachAsync(async (i, token) => read[i] = await rosters.ReadFreshAsync(conversations[i], token));
        var id = user.ToString();
        var isNamedByAll = Array.TrueForAll(read, roster => roster.Names(id));
        var viewing = isLimited || watched.Count > 0 || Array.Exists(read, roster => roster.HidesFromSome)
            ? (await store.LoadAsync(user, cancellationToken)).Records
            : default;
        var seen = await sight.SeenNowAsync(user, viewing, read, cancellationToken);
        var users = watched.Count == 0 ? [] : await reader.ReadAsync(user, viewing, watched, cancellationToken);
        return (new(Snapshot.Of(seen), [.. users]), isNamedByAll);

        Task EachAsync(Func<int, CancellationToken, Task> take) => Parallel.ForAsync(
            0,
            read.Length,
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken },
            async (i, token) => await take(i, token));
    }
}
