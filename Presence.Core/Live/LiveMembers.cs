using System.Collections.Concurrent;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Ports;

namespace Presence.Core.Live;

/// <summary>
/// Those who have shown a state here lately. What this instance changes of them is known at once, what others change within
/// <see cref="KnownFor"/>.
/// </summary>
internal sealed class LiveMembers
{
    /// <summary>How long it is believed how a user stands: one read of the storage in it, however many states the user shows.</summary>
    public static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(5);

    /// <summary>The most users remembered.</summary>
    public const int Most = 20_000;

    private readonly IPresenceStore _store;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<PresenceKey, LiveMember> _members = new();

    public LiveMembers(IPresenceStore store, PresenceEngine engine, TimeProvider time)
    {
        (_store, _time) = (store, time);
        engine.Changed += change =>
        {
            if (_members.TryGetValue(change.User, out var member))
            {
                member.Learn(change);
            }
        };
    }

    /// <summary>How many are remembered.</summary>
    public int Count => _members.Count;

    /// <summary>What is known of a user.</summary>
    public LiveMember Of(PresenceKey user)
    {
        if (_members.TryGetValue(user, out var known))
        {
            return known;
        }

        if (_members.Count >= Most)
        {
            MakeRoom();
        }

        return _members.GetOrAdd(user, static (key, all) => new(key, all._store, all._time), this);
    }

    /// <summary>Those who have been quiet go; where nobody has, all do, at the price of a read each.</summary>
    private void MakeRoom()
    {
        foreach (var quiet in _members.Where(one => one.Value.IsIdle))
        {
            _members.TryRemove(quiet);
        }

        if (_members.Count >= Most)
        {
            _members.Clear();
        }
    }
}
