using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Tests.Core;

/// <summary>Changes of which nobody who follows events is told.</summary>
internal static class Commits
{
    public static ValueTask<bool> TryCommitAsync(
        this IPresenceStore store, StoredUser before, UserRecords after, StoredDuty? owed, CancellationToken cancellationToken) =>
        store.TryCommitAsync(new PendingCommit(before, after, owed), cancellationToken);
}
