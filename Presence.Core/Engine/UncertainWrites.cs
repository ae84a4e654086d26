using System.Collections.Concurrent;
using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Storage;

namespace Presence.Core.Engine;

/// <summary>
/// Changes of status whose write ended in an error, so that nobody knows whether storage applied it. The next look at the user tells:
/// if the record carries the write's id, the transition is still to be announced.
/// </summary>
internal sealed class UncertainWrites
{
    private const int MostUsers = 10_000;
    private const int MostAtOnce = 100;

    /// <summary>So long after it was sent, storage no longer applies a write: all tries of it have timed out there and here.</summary>
    private static readonly TimeSpan Possible = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<PresenceKey, ImmutableArray<Write>> _writes = new();

    /// <summary>How many users are concerned.</summary>
    public int Count => _writes.Count;

    /// <summary>Some of the users concerned, those who have waited longest first.</summary>
    public IReadOnlyList<PresenceKey> Users() =>
        [.. _writes.ToArray().OrderBy(w => w.Value[0].At).Take(MostAtOnce).Select(w => w.Key)];

    /// <summary>Keeps a transition whose write may or may not have been applied, beside earlier ones of the user.</summary>
    public void Add(string writeId, Transition transition, DateTimeOffset now)
    {
        if (_writes.Count < MostUsers)
        {
            var write = new Write(writeId, transition, now);
            _writes.AddOrUpdate(transition.User, _ => [write], (_, earlier) => earlier.Add(write));
        }
    }

    /// <summary>
    /// The transition that turns out to have been applied without anybody announcing it, or null. Handed out once, however many ask. A
    /// record older than a write tells nothing of it while storage may still apply it; what the record has passed is news no more.
    /// </summary>
    public Transition? TakeApplied(StoredUser stored, DateTimeOffset now)
    {
        if (_writes.IsEmpty || !_writes.TryGetValue(stored.User, out var writes))
        {
            return null;
        }

        var version = stored.Records.ViewOf(stored.User).Version;
        var open = writes.RemoveAll(w => w.Transition.View.Version <= version || now - w.At > Possible);
        if (open.Length == writes.Length)
        {
            return null;
        }

        var isOurs = open.IsEmpty
            ? _writes.TryRemove(new(stored.User, writes))
            : _writes.TryUpdate(stored.User, open, writes);
        return isOurs ? writes.FirstOrDefault(w => stored.Records.IsWrittenBy(w.Id))?.Transition : null;
    }

    /// <summary>Gives up on a user whose record cannot be read.</summary>
    public void Drop(PresenceKey user) => _writes.TryRemove(user, out _);

    private sealed record Write(string Id, Transition Transition, DateTimeOffset At);
}
