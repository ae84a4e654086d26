using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Engine;

namespace Presence.Core.Rosters;

/// <summary>Makes snapshots.</summary>
public sealed class Snapshots(RosterReader rosters, PresenceReader reader)
{
    private const int ReadsAtOnce = 8;

    /// <summary>The conversations and users given, as they are at the moment of the call or later: never from memory.</summary>
    /// <param name="user">Whose connections it is for.</param>
    /// <param name="conversations">The conversations.</param>
    /// <param name="watched">The users.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The snapshot, and whether all the conversations name the user.</returns>
    public async Task<(Snapshot Snapshot, bool IsNamedByAll)> TakeAsync(
        PresenceKey user, ImmutableArray<string> conversations, IReadOnlyList<PresenceKey> watched, CancellationToken cancellationToken)
    {
        var read = new Roster[conversations.Length];
        await Parallel.ForAsync(
            0,
            read.Length,
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken },
            async (i, token) => read[i] = await rosters.ReadFreshAsync(conversations[i], token));
        var id = user.ToString();
        return (new(Snapshot.Of(read), [.. await reader.ReadAsync(user, watched, cancellationToken)]), read.All(roster => roster.Names(id)));
    }
}
