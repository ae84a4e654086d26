using System.Collections.Immutable;
using Presence.Core.Domain;

namespace Presence.Core.Watching;

/// <summary>What is to become of the list of users whom a connection watches.</summary>
/// <param name="Added">Those whom it is to watch from now on, whether it did before or not.</param>
/// <param name="Removed">Those whom it is to watch no more, whether it did or not; null for all others.</param>
public sealed record WatchListChange(ImmutableArray<PresenceKey> Added, ImmutableArray<PresenceKey>? Removed)
{
    /// <summary>The list after the change.</summary>
    internal ImmutableArray<PresenceKey> Applied(ImmutableArray<PresenceKey> before) =>
        Removed is { } removed ? [.. before.Except(removed).Union(Added)] : [.. Added.Distinct()];

    /// <summary>Those whom the connection may have watched and is to watch no more.</summary>
    internal ImmutableArray<PresenceKey> Leaving(ImmutableArray<PresenceKey> before) => [.. (Removed ?? before).Except(Added)];
}
