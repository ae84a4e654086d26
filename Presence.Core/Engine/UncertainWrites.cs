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
    private const int MostAtOnce = 100;

    /// <summary>So long after it was sent, storage no longer applies a write: all tries of it have timed out there and here.</summary>
    private static readonly TimeSpan Possible = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<PresenceKey, Write> _writes = new();

    /// <summary>How many there are.</summary>
    public int Count => _writes.Count;

    /// <summary>Some of the users concerned, those who have waited longest first.</summary>
    public IReadOnlyList<PresenceKey> Users() => _writes.IsEmpty
        ? []
        : [.. _writes.ToArray().OrderBy(w => w.Value.At).Take(MostAtOnce).Select(w => w.Key)];

    /// <summary>Keeps a transition whose write may or may not have been applied.</summary>
    public void Add(string writeId, Transition transition, DateTimeOffset now)
    {
        if (_writes.Count < Most)
        {
            _writes[transition.User] = new(writeId, transition, now);
        }
    }

    /// <summary>
    /// The transition that turns out to have been applied without anybody announcing it, or null. Handed out once, however many ask. A
    /// record older than the write tells nothing while storage may still apply it.
    /// </summary>
    public Transition? TakeApplied(StoredUser stored, DateTimeOffset now)
    {
        if (_writes.IsEmpty
            || !_writes.TryGetValue(stored.User, out var write)
            || (stored.Records.ViewOf(stored.User).Version < write.Transition.View.Version && now - write.At <= Possible)
            || !_writes.TryRemove(new(stored.User, write)))
        {
            return null;
        }

        return stored.Records.IsWrittenBy(write.WriteId) ? write.Transition : null;
    }

    private sealed record Write(string WriteId, Transition Transition, DateTimeOffset At);
}
