using System.Collections.Immutable;

namespace Presence.Client.Following;

/// <summary>Whom the application wants to watch.</summary>
internal sealed class WatchedIds
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ImmutableHashSet<string> _now = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    public WatchedIds(IReadOnlyCollection<string> ids) => Add(ids);

    public ImmutableHashSet<string> Now => _now;

    /// <summary>Ends with the next change.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
            {
                return _changed.Task;
            }
        }
    }

    public void Add(IReadOnlyCollection<string> ids)
    {
        lock (_lock)
        {
            var then = _now.Union(ids);
            if (then.Count > PresenceFollowerOptions.MostWatched)
            {
                throw new ArgumentException($"A connection watches at most {PresenceFollowerOptions.MostWatched} users; these would be {then.Count}.", nameof(ids));
            }

            Set(then);
        }
    }

    public void Remove(IReadOnlyCollection<string> ids)
    {
        lock (_lock)
        {
            Set(_now.Except(ids));
        }
    }

    private void Set(ImmutableHashSet<string> then)
    {
        if (!ReferenceEquals(then, _now))
        {
            _now = then;
            var changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            changed.TrySetResult();
        }
    }
}
