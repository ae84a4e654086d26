using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Simulation.Storage;

/// <summary>No client changes whom it watches, and so no list is kept: each connection watches whom it named when negotiating.</summary>
internal sealed class NoWatchLists : IWatchStore
{
    public ValueTask<StoredWatches?> FindAsync(PresenceKey user, string connectionId, CancellationToken cancellationToken) => new((StoredWatches?)null);

    public ValueTask<bool> TryReplaceAsync(
        PresenceKey user, string connectionId, StoredWatches before, ImmutableArray<PresenceKey> users, CancellationToken cancellationToken) => new(false);

    public Task<int> ForgetErasedAsync(CancellationToken cancellationToken) => Task.FromResult(0);

    public Task<int> RemoveOldAsync(DateTimeOffset writtenUntil, CancellationToken cancellationToken) => Task.FromResult(0);
}
