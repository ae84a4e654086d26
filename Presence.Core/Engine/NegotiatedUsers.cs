using System.Collections.Concurrent;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.Engine;

/// <summary>
/// Users as this instance has just read them for a negotiation, so that the connection that follows need not read them again. Whoever changes
/// such a user writes under the ETag that was read, and reads again where that is not the user's any more.
/// </summary>
public sealed class NegotiatedUsers(TimeProvider time)
{
    /// <summary>Clients connect within a moment; what is older is more often not the user's any more than it is.</summary>
    private static readonly TimeSpan For = TimeSpan.FromSeconds(10);

    private const int Most = 10_000;

    private readonly ConcurrentDictionary<PresenceKey, (StoredUser User, long ReadAt)> _users = new();

    /// <summary>
    /// Remembers a user for a moment. Not one whom nobody knows: that it is erased meanwhile changes nothing that a write of it would be
    /// conditional on.
    /// </summary>
    public void Remember(StoredUser user)
    {
        if (user.Tag is null)
        {
            return;
        }

        if (_users.Count >= Most)
        {
            _users.Clear();
        }

        _users[user.User] = (user, time.GetTimestamp());
    }

    /// <summary>The user as it was read a moment ago, once; null if it was not.</summary>
    public StoredUser? Take(PresenceKey user) =>
        _users.TryRemove(user, out var negotiated) && time.GetElapsedTime(negotiated.ReadAt) < For ? negotiated.User : null;
}
