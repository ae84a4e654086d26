using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.Engine;

/// <summary>Looks users up: one storage request for each who is here, two for each who is not.</summary>
public sealed class PresenceReader(IPresenceStore store)
{
    private const int Parallelism = 16;

    /// <summary>The users given, in that order. One who was never seen is offline without times.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<IReadOnlyList<PresenceView>> ReadAsync(IReadOnlyList<PresenceKey> users, CancellationToken cancellationToken)
    {
        var views = new PresenceView[users.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForAsync(
            0, users.Count, options, async (i, token) => views[i] = (await store.LoadAsync(users[i], token)).Records.ViewOf(users[i]));
        return views;
    }
}
