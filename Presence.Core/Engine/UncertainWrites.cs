using System.Collections.Concurrent;
using Presence.Core.Domain;
using Presence.Core.Storage;

namespace Presence.Core.Engine;

/// <summary>
/// Changes of status whose write ended in an error, so that nobody knows whether storage applied it. The next look at the user tells:
/// if the record carries the write's id, the transition is still to be announced.
/// </summary>
internal sealed class UncertainWrites
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<PresenceKey, (string WriteId, Transition Transition)> _writes = new();

    /// <summary>How many there are.</summary>
    public int Count => _writes.Count;

    /// <summary>Keeps a transition whose write may or may not have been applied.</summary>
    public void Add(string writeId, Transition transition)
    {
        if (_writes.Count < Most)
        {
            _writes[transition.User] = (writeId, transition);
        }
    }

    /// <summary>
    /// The transition that turns out to have been applied without anybody announcing it, or null. Handed out once, however many ask. A
    /// record older than the write tells nothing: it may have been read before storage applied it.
    /// </summary>
    public Transition? TakeApplied(StoredUser stored)
    {
        if (_writes.IsEmpty
            || !_writes.TryGetValue(stored.User, out var write)
            || stored.Records.ViewOf(stored.User).Version < write.Transition.View.Version
            || !_writes.TryRemove(new(stored.User, write)))
        {
            return null;
        }

        return stored.Records.IsWrittenBy(write.WriteId) ? write.Transition : null;
    }
}
