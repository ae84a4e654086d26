using Presence.Core.Domain;
using Presence.Core.Ports;

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

    private readonly Lock _lock = new();
    private readonly Dictionary<PresenceKey, List<Write>> _writes = [];

    // Asked on every call, and nearly always 0: read without the lock.
    private volatile int _count;

    /// <summary>How many there are.</summary>
    public int Count => _count;

    /// <summary>Some of the users concerned, those who have waited longest first.</summary>
    public IReadOnlyList<PresenceKey> Users()
    {
        lock (_lock)
        {
            return [.. _writes.OrderBy(w => w.Value[0].At).Take(MostAtOnce).Select(w => w.Key)];
        }
    }

    /// <summary>Keeps a transition whose write may or may not have been applied, beside earlier ones of the user.</summary>
    public void Add(string writeId, Transition transition, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_count < Most)
            {
                Of(transition.User).Add(new(writeId, transition, now));
                _count++;
            }
        }
    }

    /// <summary>
    /// The transition that turns out to have been applied without anybody announcing it, or null. Handed out once, however many ask. A
    /// record older than a write tells nothing of it while storage may still apply it; what the record has passed is news no more.
    /// </summary>
    public Transition? TakeApplied(StoredUser stored, DateTimeOffset now)
    {
        if (_count == 0)
        {
            return null;
        }

        lock (_lock)
        {
            if (!_writes.TryGetValue(stored.User, out var writes))
            {
                return null;
            }

            var applied = writes.Find(w => stored.Records.IsWrittenBy(w.Id));
            var version = stored.Records.ViewOf(stored.User).Version;
            _count -= writes.RemoveAll(w => w.Transition.View.Version <= version || now - w.At > Possible);
            if (writes.Count == 0)
            {
                _writes.Remove(stored.User);
            }

            return applied?.Transition;
        }
    }

    /// <summary>Gives up on a user whose record cannot be read.</summary>
    public void Drop(PresenceKey user)
    {
        lock (_lock)
        {
            _count -= _writes.Remove(user, out var writes) ? writes.Count : 0;
        }
    }

    private List<Write> Of(PresenceKey user) => _writes.TryGetValue(user, out var writes) ? writes : _writes[user] = [];

    private sealed record Write(string Id, Transition Transition, DateTimeOffset At);
}
